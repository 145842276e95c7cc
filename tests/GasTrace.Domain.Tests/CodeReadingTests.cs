using CsCheck;
using GasTrace.Domain.Registry.Codes;
using GasTrace.V1;

namespace GasTrace.Domain.Tests;

public class CodeReadingTests
{
    private static readonly Gen<string> Codes = Gen.Int[0, 999_999].Select(Gen.Guid, (region, id) => IssuedIdentity.Code($"{region:D6}", id.ToString("D")));

    [Theory]
    [InlineData("3201021pnt1xfsnh")]
    [InlineData("  3201021PNT1XFSNH ")]
    [InlineData("\u3000３２０１０２１ＰＮＴ１ＸＦＳＮＨ")]
    [InlineData("https://qp.example.cn/c/3201021PNT1XFSNH")]
    [InlineData("https://qp.example.cn/c/3201021PNT1XFSNH/")]
    [InlineData("https://qp.example.cn/q?c=3201021PNT1XFSNH&v=2")]
    [InlineData("HTTPS://QP.EXAMPLE.CN/q?v=2&CODE=3201021pnt1xfsnh#top")]
    public void A_code_is_read_however_it_is_delivered(string scanned) =>
        Assert.Equal(new CodeReading(ReadingOutcome.Readable, AliasKind.Code, "3201021PNT1XFSNH"), CodeReading.Read(scanned, CodeFormat.Default));

    [Theory]
    [InlineData("")]
    [InlineData("ABC")]
    [InlineData("' OR 1=1 --")]
    [InlineData("<script>")]
    [InlineData("320115TYGM35GAG")]
    [InlineData("32010203G6BWL8B3X")]
    [InlineData("320102IPNT1XFSNH")]
    [InlineData("https://qp.example.cn/")]
    [InlineData("http://[broken")]
    [InlineData("\0\u0001")]
    public void What_is_in_no_format_is_malformed(string scanned) =>
        Assert.Equal(ReadingOutcome.Malformed, CodeReading.Read(scanned, CodeFormat.Default).Outcome);

    [Theory]
    [InlineData("8003{0}AX01")]
    [InlineData("(8003){0}AX01")]
    [InlineData("]C18003{0}AX01")]
    public void A_grai_is_read_as_an_rfid_alias(string scanned)
    {
        var digits = "0695291234567" + Gs1.CheckDigit("695291234567");
        Assert.Equal(
            new CodeReading(ReadingOutcome.Readable, AliasKind.Rfid, $"8003{digits}AX01"),
            CodeReading.Read(string.Format(System.Globalization.CultureInfo.InvariantCulture, scanned, digits), CodeFormat.Default));
    }

    [Fact]
    public void An_epc_uri_and_its_element_string_are_the_same_tag() =>
        Assert.Equal(
            CodeReading.Read($"80030695291234567{Gs1.CheckDigit("695291234567")}AX01", CodeFormat.Default),
            CodeReading.Read("urn:epc:id:grai:6952912.34567.AX01", CodeFormat.Default));

    [Fact]
    public void Every_epc_uri_of_a_grai_is_readable() =>
        Gen.Long[0, 999_999_999_999].Select(Gen.Int[1, 9_999]).Sample((digits, serial) =>
        {
            var text = $"{digits:D12}";
            var reading = CodeReading.Read($"urn:epc:id:grai:{text[..7]}.{text[7..]}.{serial}", CodeFormat.Default);
            Assert.Equal(ReadingOutcome.Readable, reading.Outcome);
            Assert.Equal(AliasKind.Rfid, reading.Kind);
        });

    [Fact]
    public void Every_issued_code_is_readable() =>
        Codes.Sample(code => Assert.Equal(new CodeReading(ReadingOutcome.Readable, AliasKind.Code, code), CodeReading.Read(code, CodeFormat.Default)));

    [Fact]
    public void One_wrong_character_of_an_issued_code_never_passes() =>
        Gen.Select(Codes, Gen.Int[0, 15], Gen.Char["0123456789ABCDEFGHJKLMNPRSTVWXYZ"]).Sample((code, at, wrong) =>
        {
            var misread = code[..at] + wrong + code[(at + 1)..];
            if (misread != code)
            {
                Assert.NotEqual(ReadingOutcome.Readable, CodeReading.Read(misread, CodeFormat.Default).Outcome);
            }
        });

    [Fact]
    public void Two_neighbours_swapped_hardly_ever_pass()
    {
        // A hybrid system of ISO/IEC 7064 finds every single error, and all but a few transpositions.
        int swaps = 0, passed = 0;
        for (var n = 0; n < 2_000; n++)
        {
            var code = IssuedIdentity.Code("320102", $"{n}");
            for (var at = 6; at < 15; at++)
            {
                var swapped = code[..at] + code[at + 1] + code[at] + code[(at + 2)..];
                swaps += swapped != code ? 1 : 0;
                passed += swapped != code && CodeReading.Read(swapped, CodeFormat.Default).Outcome == ReadingOutcome.Readable ? 1 : 0;
            }
        }

        Assert.InRange(passed, 0, swaps / 200);
    }

    [Fact]
    public void Whatever_a_scanner_delivers_is_read_or_refused_and_never_throws() =>
        Gen.String[Gen.Char, 0, 512].Sample(text => CodeReading.Read(text, CodeFormat.Default), iter: 2_000);

    [Fact]
    public void The_same_request_is_given_the_same_identity_and_others_are_not() =>
        Gen.Select(Gen.Guid, Gen.Guid).Sample((one, other) =>
        {
            Assert.Equal(IssuedIdentity.CylinderId(one.ToString("D")), IssuedIdentity.CylinderId(one.ToString("D")));
            if (one != other)
            {
                Assert.NotEqual(IssuedIdentity.CylinderId(one.ToString("D")), IssuedIdentity.CylinderId(other.ToString("D")));
            }
        });
}
