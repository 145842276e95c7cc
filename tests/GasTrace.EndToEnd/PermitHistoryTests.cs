namespace GasTrace.EndToEnd;

/// <summary>The search finds what is wrong, and lets pass what is not.</summary>
public sealed class PermitHistoryTests
{
    [Fact]
    public void One_after_the_other_is_an_order() => Assert.True(PermitHistory.HasOrder(
    [
        new(PermitOperationKind.Given, "C-1", 0, 1), new(PermitOperationKind.RefusedOpen, "", 2, 3), new(PermitOperationKind.UsedUp, "C-1", 4, 5), new(PermitOperationKind.Given, "C-2", 6, 7),
    ]));

    [Fact]
    public void Two_permits_at_once_are_none() => Assert.False(PermitHistory.HasOrder(
        [new(PermitOperationKind.Given, "C-1", 0, 5), new(PermitOperationKind.Given, "C-2", 1, 6), new(PermitOperationKind.UsedUp, "C-1", 7, 8), new(PermitOperationKind.UsedUp, "C-2", 7, 8)]));

    [Fact]
    public void A_permit_used_twice_is_none() => Assert.False(PermitHistory.HasOrder(
        [new(PermitOperationKind.Given, "C-1", 0, 1), new(PermitOperationKind.UsedUp, "C-1", 2, 3), new(PermitOperationKind.UsedUp, "C-1", 2, 3)]));

    [Fact]
    public void A_permit_that_was_lost_is_none() => Assert.False(PermitHistory.HasOrder(
        [new(PermitOperationKind.Given, "C-1", 0, 1), new(PermitOperationKind.Given, "C-2", 2, 3)]));

    [Fact]
    public void What_was_never_answered_may_have_happened_or_not()
    {
        Assert.True(PermitHistory.HasOrder([new(PermitOperationKind.ScanUnknown, "", 0, long.MaxValue), new(PermitOperationKind.RefusedOpen, "", 2, 3)]));
        Assert.True(PermitHistory.HasOrder([new(PermitOperationKind.ScanUnknown, "", 0, long.MaxValue), new(PermitOperationKind.Given, "C-1", 2, 3)]));
        Assert.True(PermitHistory.HasOrder(
        [
            new(PermitOperationKind.Given, "C-1", 0, 1), new(PermitOperationKind.ReportUnknown, "C-1", 2, long.MaxValue), new(PermitOperationKind.Given, "C-2", 4, 5),
        ]));
        Assert.False(PermitHistory.HasOrder([new(PermitOperationKind.ScanUnknown, "", 4, long.MaxValue), new(PermitOperationKind.RefusedOpen, "", 2, 3)]), "it was asked too late to be the cause");
    }
}
