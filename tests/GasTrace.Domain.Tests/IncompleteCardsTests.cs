using GasTrace.Domain.Deciding;
using GasTrace.Domain.Filling;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Domain.Registry.Cylinders;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Tests;

/// <summary>
/// Cached cards may be of different ages, some from before they existed. A decision on such a set is undone at the append by
/// their versions; until then it must be a decision, and never a permit.
/// </summary>
public class IncompleteCardsTests
{
    [Fact]
    public void Whatever_cards_are_missing_a_scan_is_refused()
    {
        foreach (var missing in Subsets(new World().Keys))
        {
            var world = new World();
            world.Forget(missing);
            Assert.NotEmpty(world.Refusals());
        }
    }

    [Fact]
    public void Whatever_cards_are_missing_a_fill_in_progress_is_answered()
    {
        foreach (var missing in Subsets(AfterBegin().World.Keys))
        {
            var (world, permit) = AfterBegin();
            world.Forget(missing);
            world.Try(new AbortFillCommand(new AbortFillRequest { RequestId = NewId(), PermitId = permit, TerminalId = "T1", Reason = "test" }), out _);
            (world, permit) = AfterBegin();
            world.Forget(missing);
            world.Try(new BeginFillCommand(new BeginFillRequest { RequestId = NewId(), PermitId = permit, TerminalId = "T1", GunId = "G1" }), out _);
            (world, permit) = AfterBegin();
            world.Forget(missing);
            Assert.Null(world.Try(new CompleteFillCommand(new CompleteFillRequest { RequestId = NewId(), Report = World.Report(permit) }, CodeFormat.Default), out var filled));
            Assert.NotNull(filled);
        }
    }

    [Fact]
    public void An_alias_that_the_cylinders_own_card_does_not_know_yet_is_not_voided()
    {
        var world = new World();
        world.Put(CardKey.Alias(AliasKind.StampedNumber, "N1"), new AliasCard { CylinderId = World.CylinderId, Kind = AliasKind.StampedNumber });
        var request = new VoidAliasRequest
        {
            RequestId = NewId(), ActorId = "A1", CylinderId = World.CylinderId, Alias = new Alias { Kind = AliasKind.StampedNumber, Value = "N1" }, Reason = "test",
        };
        Assert.Equal("ALIAS_NOT_LIVE", world.Try(new VoidAliasCommand(request), out _)?.Reason);
    }

    private static string NewId() => Guid.NewGuid().ToString("D");

    private static (World World, string PermitId) AfterBegin()
    {
        var world = new World();
        var permit = world.Scan().Permit.Terms.PermitId;
        world.Begin(permit);
        return (world, permit);
    }

    private static IEnumerable<CardKey[]> Subsets(IReadOnlyList<CardKey> keys) =>
        Enumerable.Range(1, (1 << keys.Count) - 1).Select(bits => keys.Where((_, n) => (bits & (1 << n)) != 0).ToArray());
}
