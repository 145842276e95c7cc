using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Sites;

/// <summary>Changes a limit from a day on. What was decided before stands; what is decided after names the new version of the rules.</summary>
public sealed class PutLimitCommand(PutLimitRequest request)
    : Command<PutLimitResponse>(request, request.RequestId, request.ActorId)
{
    private const int ChangesMax = 1_000;

    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeThere("limit", request.Limit),
        request.Limit is { } limit
            ? Must.All(
                LimitDefaults.All.ContainsKey(limit.Name)
                    ? Must.BeWithin("limit.value", limit.Value, LimitDefaults.RangeOf(limit.Name).Min, LimitDefaults.RangeOf(limit.Name).Max)
                    : Rejection.Invalid("limit.name", limit.Name, new("须为限值名称（见 ListLimits）", "must be the name of a limit (ListLimits)")),
                Must.BeReason("limit.source", limit.Source),
                Must.BeDay("limit.valid_from", limit.ValidFrom))
            : null);

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<LimitsCard>(CardKey.Limits);
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        var known = cards.Get<LimitsCard>(CardKey.Limits);
        if (known?.Limits.Count >= ChangesMax)
        {
            return Decision.Rejected(Rejection.Forbidden("limit.name", request.Limit.Name, new($"限值变更最多保留 {ChangesMax} 条", $"at most {ChangesMax} changes of limits are kept"), "TOO_MANY_LIMITS"));
        }

        var next = new LimitsCard();
        next.Limits.Add((known?.Limits ?? []).Append(request.Limit)
            .OrderBy(limit => limit.Name, StringComparer.Ordinal).ThenBy(limit => limit.ValidFrom.ToDay()));
        var put = Origin.Event(now, request.Limit.Name, string.Empty);
        put.LimitPut = new LimitPut { Limit = request.Limit };
        return Decision.Happened([put], [new CardChange(CardKey.Limits, next)]);
    }

    /// <inheritdoc />
    public override PutLimitResponse Reply(Event answer, long position) => new() { Position = position };
}
