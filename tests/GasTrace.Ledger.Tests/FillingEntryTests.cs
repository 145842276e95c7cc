using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf.Reflection;

namespace GasTrace.Ledger.Tests;

/// <summary>What the typed tables take from an entry is read from the bytes of the contract's event.</summary>
public sealed class FillingEntryTests
{
    [Fact]
    public void Each_field_is_the_contract_s()
    {
        List<string> differences = [];
        var compared = Compare(FillingEntry.Descriptor, Event.Descriptor, differences);
        Assert.Empty(differences);
        Assert.True(compared > 40, $"{compared} fields");
    }

    [Fact]
    public void It_knows_every_kind_of_filling_that_changes_a_table()
    {
        var kinds = Event.Descriptor.Oneofs[0].Fields.Select(field => field.FieldNumber).Where(number => number < (int)Event.BodyOneofCase.RuleOverridden);
        Assert.Equal(kinds, FillingEntry.Descriptor.Oneofs[0].Fields.Select(field => field.FieldNumber));
    }

    private static int Compare(MessageDescriptor ours, MessageDescriptor contract, List<string> differences)
    {
        var compared = 0;
        foreach (var field in ours.Fields.InDeclarationOrder())
        {
            compared++;
            var theirs = contract.FindFieldByNumber(field.FieldNumber);
            if (theirs is null || theirs.Name != field.Name || theirs.FieldType != field.FieldType || theirs.IsRepeated != field.IsRepeated)
            {
                differences.Add($"{ours.Name}.{field.Name} = {field.FieldNumber} is {contract.Name}.{theirs?.Name ?? "nothing"}");
            }
            else if (field.FieldType == FieldType.Message && field.MessageType.File.Package == FillingEntry.Descriptor.File.Package)
            {
                compared += Compare(field.MessageType, theirs.MessageType, differences);
            }
            else if (field.FieldType == FieldType.Message && field.MessageType.FullName != theirs.MessageType.FullName)
            {
                differences.Add($"{ours.Name}.{field.Name} is a {field.MessageType.FullName} and not a {theirs.MessageType.FullName}");
            }
        }

        return compared;
    }
}
