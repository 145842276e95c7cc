using GasTrace.Domain.Deciding;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.SqlServer;

public sealed class LostReplyTests
{
    private static readonly CardKey Card = new("cylinder:1");

    [Fact]
    public void Units_whose_entries_are_there_in_order_have_won_and_the_others_are_decided_again()
    {
        List<AppendUnit> batch = [Unit(1), Unit(2, 3), Unit(4)];
        var result = LostReply.Outcomes(batch, 10, [Entry(10, 1), Entry(11, 4)], []);
        Assert.Equal(10, result.FirstPosition);
        Assert.Equal([UnitFate.Committed, UnitFate.StaleCard, UnitFate.Committed], result.Outcomes.Select(outcome => outcome.Fate));
        Assert.Equal([10, -1, 11], result.Outcomes.Select(outcome => outcome.Position));
    }

    [Fact]
    public void A_unit_whose_entries_are_there_only_in_part_has_not_won() =>
        Assert.Equal(UnitFate.StaleCard, LostReply.Outcomes([Unit(2, 3)], 5, [Entry(5, 2)], []).Outcomes[0].Fate);

    [Theory]
    [InlineData(1, 7, UnitFate.Committed)]
    [InlineData(2, 7, UnitFate.StaleCard)]
    [InlineData(1, 8, UnitFate.StaleCard)]
    [InlineData(0, 7, UnitFate.StaleCard)]
    public void A_unit_without_entries_has_won_when_its_card_is_there(long version, byte state, UnitFate fate)
    {
        var unit = new AppendUnit([], [new CardRead(Card, 0)], [new CardWrite(Card, 0, new byte[] { 7 })], []);
        Assert.Equal(fate, LostReply.Outcomes([unit], 5, [], [new StoredCard(Card, version, new[] { state })]).Outcomes[0].Fate);
    }

    private static AppendUnit Unit(params byte[] payloads) => new(
        [.. payloads.Select(payload => new NewEntry(Header, new[] { payload }))], [new CardRead(Card, 0)], [], []);

    private static LedgerEntry Entry(long position, byte payload) => new(position, Header, new[] { payload });

    private static EntryHeader Header => new(20, "c", "S", "320102", "LPG", 1);
}
