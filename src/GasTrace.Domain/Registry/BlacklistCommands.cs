using GasTrace.Domain.Deciding;
using GasTrace.Domain.Registry.Cylinders;
using GasTrace.V1;
using GasTrace.Storage.V1;

namespace GasTrace.Domain.Registry;

/// <summary>Recalls a maker's month, a model or a range of codes: one card, so it holds from its commit on for all that it names.</summary>
public sealed class RecallCommand(BlacklistRequest request)
    : Command<BlacklistResponse>(request, request.RequestId, request.ActorId)
{
    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        RecallTarget.Validate(request.MakerMonth, request.Model, request.CodeRange),
        Must.BeReason("reason", request.Reason),
        Must.BeDayOrEmpty("effective_from", request.EffectiveFrom));

    /// <inheritdoc />
    public override void Name(CardSet cards) => RecallTarget.Name(Recall(default), cards);

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now) => RecallTarget.Put(Origin, Recall(now), cards, now);

    /// <inheritdoc />
    public override BlacklistResponse Reply(Event answer, long position) => new() { Position = position };

    private Recall Recall(Moment now) => RecallTarget.Of(
        request.MakerMonth, request.Model, request.CodeRange, request.Reason, true, request.EffectiveFrom ?? (now == default ? null : now.Today.ToMessage()));
}

/// <summary>Lifts a recall.</summary>
public sealed class LiftRecallCommand(DelistRequest request)
    : Command<DelistResponse>(request, request.RequestId, request.ActorId)
{
    private Recall Recall => RecallTarget.Of(request.MakerMonth, request.Model, request.CodeRange, request.Reason, false, null);

    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        RecallTarget.Validate(request.MakerMonth, request.Model, request.CodeRange),
        Must.BeReason("reason", request.Reason));

    /// <inheritdoc />
    public override void Name(CardSet cards) => RecallTarget.Name(Recall, cards);

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now) => RecallTarget.Put(Origin, Recall, cards, now);

    /// <inheritdoc />
    public override DelistResponse Reply(Event answer, long position) => new() { Position = position };
}

/// <summary>Blacklists one cylinder and revokes a permit that is issued for it.</summary>
public sealed class BlacklistCylinderCommand(BlacklistRequest request)
    : CylinderCommand<BlacklistResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    /// <inheritdoc />
    protected override bool AllowsScrapped => true;

    /// <inheritdoc />
    public override BlacklistResponse Reply(Event answer, long position) => new() { Position = position };

    /// <inheritdoc />
    protected override Rejection? ValidateChange() =>
        Must.All(Must.BeReason("reason", request.Reason), Must.BeDayOrEmpty("effective_from", request.EffectiveFrom));

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        if (CylinderHolds.Put(change, HoldKind.Blacklisted, request.Reason, request.ActorId) is { } rejection)
        {
            return rejection;
        }

        change.Event.CylinderHeld.EffectiveFrom = request.EffectiveFrom ?? change.Now.Today.ToMessage();
        RevokePermit(change, request.Reason);
        return null;
    }
}

/// <summary>Takes one cylinder off the blacklist.</summary>
public sealed class DelistCylinderCommand(DelistRequest request)
    : CylinderCommand<DelistResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    /// <inheritdoc />
    protected override bool AllowsScrapped => true;

    /// <inheritdoc />
    public override DelistResponse Reply(Event answer, long position) => new() { Position = position };

    /// <inheritdoc />
    protected override Rejection? ValidateChange() => Must.BeReason("reason", request.Reason);

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change) => CylinderHolds.Release(change, HoldKind.Blacklisted, request.Reason);
}

/// <summary>What a recall names, and the card that it stands on.</summary>
internal static class RecallTarget
{
    public static Rejection? Validate(MakerMonth? month, string model, CodeRange? range) =>
        month is not null ? Must.All(
            Must.BeId("maker_month.maker", month.Maker),
            Must.BeWithin("maker_month.year", month.Year, CalendarDate.YearMin, CalendarDate.YearMax),
            Must.BeWithin("maker_month.month", month.Month, 1, 12))
        : range is not null ? Must.All(
            Must.BeText("code_range.first", range.First, Recalls.RangePrefixLength, Must.IdLengthMax),
            Must.BeText("code_range.last", range.Last, Recalls.RangePrefixLength, Must.IdLengthMax),
            range.First.Length >= Recalls.RangePrefixLength && range.Last.StartsWith(range.First[..Recalls.RangePrefixLength], StringComparison.Ordinal)
                && string.CompareOrdinal(range.First, range.Last) <= 0
                ? null
                : Rejection.Invalid("code_range.last", range.Last, new($"不得在 first 之前，且前 {Recalls.RangePrefixLength} 位须与其相同", $"must not come before first, and must share its first {Recalls.RangePrefixLength} characters")))
        : model.Length > 0 ? Must.BeId("model", model)
        : Rejection.Invalid("target", string.Empty, new("必填：cylinder_id、maker_month、model 或 code_range", "must be given: cylinder_id, maker_month, model or code_range"));

    public static Recall Of(MakerMonth? month, string model, CodeRange? range, string reason, bool active, Google.Type.Date? from)
    {
        var recall = new Recall { Reason = reason, Active = active, EffectiveFrom = from };
        if (month is not null)
        {
            recall.MakerMonth = month;
        }
        else if (range is not null)
        {
            recall.CodeRange = range;
        }
        else
        {
            recall.Model = CylinderModel.ShortName(model);
        }

        return recall;
    }

    public static void Name(Recall recall, CardSet cards)
    {
        if (recall.CodeRange is null)
        {
            cards.Get<Recall>(KeyOf(recall));
        }
        else
        {
            cards.Get<RecallRangesCard>(KeyOf(recall));
        }
    }

    public static Decision Put(Origin origin, Recall recall, CardSet cards, Moment now)
    {
        var key = KeyOf(recall);
        var put = origin.Event(now, key.Value, string.Empty);
        put.RecallPut = new RecallPut { Recall = recall };
        if (recall.CodeRange is null)
        {
            return cards.Get<Recall>(key)?.Active == recall.Active || (!recall.Active && cards.Get<Recall>(key) is null)
                ? NoChange(key)
                : Decision.Happened([put], [new CardChange(key, recall)]);
        }

        var ranges = cards.Get<RecallRangesCard>(key)?.Clone() ?? new RecallRangesCard();
        var known = ranges.Recalls.FirstOrDefault(other => other.CodeRange.Equals(recall.CodeRange));
        if (known is not null == recall.Active)
        {
            return NoChange(key);
        }

        if (recall.Active && ranges.Recalls.Count >= Recalls.RangesPerPrefixMax)
        {
            return Decision.Rejected(Rejection.Forbidden("code_range", key.Value, new($"同一区划最多保留 {Recalls.RangesPerPrefixMax} 个号段", $"at most {Recalls.RangesPerPrefixMax} ranges of one region are kept"), "TOO_MANY_RANGES"));
        }

        if (recall.Active)
        {
            ranges.Recalls.Add(recall);
        }
        else
        {
            ranges.Recalls.Remove(known);
        }

        return Decision.Happened([put], [new CardChange(key, ranges)]);
    }

    private static Decision NoChange(CardKey key) =>
        Decision.Rejected(Rejection.Forbidden("target", key.Value, new("黑名单已是如此", "the blacklist says so already"), "NO_CHANGE"));

    private static CardKey KeyOf(Recall recall) => recall.TargetCase switch
    {
        Recall.TargetOneofCase.MakerMonth => CardKey.RecallOfMonth(recall.MakerMonth.Maker, recall.MakerMonth.Year, recall.MakerMonth.Month),
        Recall.TargetOneofCase.CodeRange => CardKey.RecallOfCodes(recall.CodeRange.First[..Recalls.RangePrefixLength]),
        _ => CardKey.RecallOfModel(recall.Model),
    };
}
