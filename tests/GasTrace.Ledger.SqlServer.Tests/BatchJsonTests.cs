using System.Text.Json;
using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.SqlServer.Projections;
using GasTrace.Ledger.Storage;
using GasTrace.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace GasTrace.Ledger.SqlServer;

/// <summary>What the projection's procedure reads out of JSON, held against the JSON that it is given.</summary>
public sealed class BatchJsonTests
{
    [Fact]
    public void Every_path_that_the_procedure_reads_is_in_the_json()
    {
        using var json = JsonDocument.Parse(BatchJson.Of(ProjectedBatch.Of(EverythingHappened())));
        var reads = new JsonReads();
        var procedure = ScriptTests.Text("GasTrace.Ledger.SqlServer.Migrations.0008_project_corrections.sql");
        new TSql160Parser(initialQuotedIdentifiers: true).Parse(new StringReader(procedure), out _).Accept(reads);
        Assert.Equal(procedure.Split("OPENJSON(").Length - 1, reads.Found.Count);
        foreach (var (rows, columns) in reads.Found)
        {
            var array = At(json.RootElement, rows);
            Assert.True(array is { ValueKind: JsonValueKind.Array } && array.Value.GetArrayLength() > 0, $"{rows} is no array, or the test has no row for it");
            Assert.All(columns, column => Assert.True(At(array.Value[0], column) is not null, $"{rows} has no {column}"));
        }
    }

    [Fact]
    public void A_batch_that_is_begun_again_holds_nothing_of_before()
    {
        var again = ProjectedBatch.Of(EverythingHappened());
        again.Begin(7);
        Assert.Equal(BatchJson.Of(new ProjectedBatch(7)), BatchJson.Of(again));
        again.Begin(0);
        again.Add(EverythingHappened());
        Assert.Equal(BatchJson.Of(ProjectedBatch.Of(EverythingHappened())), BatchJson.Of(again));
    }

    private static JsonElement? At(JsonElement element, string path)
    {
        foreach (var name in path.Split('.').Skip(1))
        {
            if (!element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    // At least one row for every table: what is new in the run, and what changes something older.
    private static List<Storage.LedgerEntry> EverythingHappened()
    {
        var terms = new PermitTerms { PermitId = "C1-1", CylinderId = "C1" };
        var finding = new Finding { Code = "OVERFILLED", Violation = ViolationCode.Overfilled };
        Event[] events =
        [
            new() { PermitIssued = new PermitIssued { Terms = terms } },
            new() { FillBegun = new FillBegun { PermitId = "C2-1", ReportBy = new Timestamp { Seconds = 5 } } },
            new() { FillAborted = new FillAborted { PermitId = "C3-1" } },
            new() { ScanRefused = new ScanRefused { Findings = { new Finding { Code = "UNKNOWN_CODE" } } } },
            new() { FillCompleted = new FillCompleted { Report = new FillReport { PermitId = "C4-1" }, Violations = { finding } } },
            new() { FillVoided = new FillVoided { PermitId = "C4-1", Reason = "test" } },
            new() { CylinderRegistered = new CylinderRegistered { Cylinder = new Cylinder { CylinderId = "C9" } } },
            new() { CodeReplaced = new CodeReplaced { NewCode = "N" } },
            new() { CylinderCorrected = new CylinderCorrected { After = new CylinderFacts { Model = "M" } } },
            new() { InspectionRecorded = new InspectionRecorded() },
            new() { UseRegistrationChanged = new UseRegistrationChanged { UseRegistration = new UseRegistration { UnitId = "U" } } },
            new() { CylinderScrapped = new CylinderScrapped() },
            new() { CylinderReleased = new CylinderReleased { Kind = HoldKind.Blacklisted } },
            new() { StationPut = new StationPut { Station = new Station { StationId = "S1" } } },
            new() { Subject = "S2", StationStatusChanged = new StationStatusChanged { Status = StationStatus.Suspended } },
        ];
        return
        [
            .. events.Select((happened, position) =>
            {
                happened.Subject = happened.Subject.Length > 0 ? happened.Subject : "C1";
                happened.StationId = "S1";
                happened.RecordedAt = new Timestamp { Seconds = 1 };
                return new Storage.LedgerEntry(position, EntryHeader.Of(happened), happened.ToByteArray());
            }),
        ];
    }

    private sealed class JsonReads : TSqlFragmentVisitor
    {
        public List<(string Rows, List<string> Columns)> Found { get; } = [];

        public override void Visit(OpenJsonTableReference node) => Found.Add((
            ((StringLiteral)node.RowPattern).Value,
            [.. node.SchemaDeclarationItems.Select(item => ((StringLiteral)item.Mapping).Value)]));
    }
}
