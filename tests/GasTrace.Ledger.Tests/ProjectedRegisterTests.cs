using GasTrace.Ledger.Projecting;
using GasTrace.Ledger.Storage;
using GasTrace.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Ledger.Tests;

public class ProjectedRegisterTests
{
    [Fact]
    public void A_cylinder_that_was_registered_as_out_of_use_is_held_from_its_registration_on()
    {
        var registered = new Event { CylinderRegistered = new CylinderRegistered { Cylinder = new Cylinder { CylinderId = "C1", Holds = { new Hold { Kind = HoldKind.OutOfUse, Reason = "lost" } } } } };
        var released = new Event { CylinderReleased = new CylinderReleased { Kind = HoldKind.OutOfUse } };
        Assert.Equal([new HoldRow("C1", (int)HoldKind.OutOfUse, "lost", 7)], Batch(registered).Register.Holds);
        Assert.Empty(Batch(registered, released).Register.Holds);
    }

    private static ProjectedBatch Batch(params Event[] happened) => ProjectedBatch.Of([.. happened.Select((one, index) =>
    {
        (one.Subject, one.RecordedAt) = ("C1", new Timestamp { Seconds = 1_800_000_000 });
        return new LedgerEntry(7 + index, EntryHeader.Of(one), one.ToByteArray());
    })]);
}
