using GasTrace.Domain.Deciding;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace GasTrace.Domain.Filling;

/// <summary>How a permit goes from issued to closed on its cylinder's card. Cards are copied, never changed in place.</summary>
internal static class PermitLifecycle
{
    /// <summary>
    /// A copy whose permits are the caller's own to replace; the register's part is shared with the original and must not be
    /// changed. A whole copy would be most of what a fill allocates.
    /// </summary>
    public static CylinderCard CopyPermits(CylinderCard card)
    {
        var copy = new CylinderCard { Cylinder = card.Cylinder, OpenPermit = card.OpenPermit, PermitCount = card.PermitCount };
        copy.ClosedPermits.Add(card.ClosedPermits);
        return copy;
    }

    /// <summary>A copy of the card with a permit issued.</summary>
    public static CylinderCard Issue(CylinderCard card, PermitTerms terms, string operatorId)
    {
        var next = CopyPermits(card);
        next.PermitCount++;
        next.OpenPermit = new OpenPermit { Terms = terms, State = PermitState.Issued, OperatorId = operatorId, DeadlineUnixS = terms.ExpiresAtUnixS };
        return next;
    }

    /// <summary>Closes the open permit of a card that is the caller's own copy.</summary>
    public static void Close(CylinderCard own, PermitState state, Moment now, string requestId = "", ByteString? reportDigest = null)
    {
        var open = own.OpenPermit;
        ClosedPermits.Add(own, new ClosedPermit
        {
            PermitId = open.Terms.PermitId,
            State = state,
            RequestId = requestId,
            ReportDigest = reportDigest ?? ByteString.Empty,
            Terms = TermsForReports(open.Terms),
            OperatorId = open.OperatorId,
            ClosedAtUnixS = now.UnixSeconds,
        });
        own.OpenPermit = null;
    }

    /// <summary>The deadline of an open permit, as entries tell it.</summary>
    public static Timestamp DeadlineOf(OpenPermit open) => new() { Seconds = open.DeadlineUnixS };

    /// <summary>True when the open permit's deadline has passed.</summary>
    public static bool IsLapsed(CylinderCard card, Moment now) => card.OpenPermit is { } open && open.DeadlineUnixS <= now.UnixSeconds;

    /// <summary>Closes the lapsed permit of a card that is the caller's own copy.</summary>
    public static Event Expire(CylinderCard own, string region, Moment now)
    {
        var open = own.OpenPermit;
        Close(own, PermitState.Expired, now);
        var expired = Origin.Service.Event(now, own.Cylinder.CylinderId, open.Terms.StationId, region, open.Terms.Gas);
        expired.PermitExpired = new PermitExpired
        {
            PermitId = open.Terms.PermitId,
            ExpiredAt = DeadlineOf(open),
            Begun = open.State == PermitState.Begun,
        };
        return expired;
    }

    /// <summary>Region of the station that an open permit is for.</summary>
    public static string RegionOf(OpenPermit? open, CardSet cards) =>
        open is null ? string.Empty : cards.Get<Station>(CardKey.Station(open.Terms.StationId))?.Region ?? string.Empty;

    /// <summary>Revokes an issued permit of a card that is the caller's own copy; null when none is issued. A begun fill goes on: its report is a fact to come.</summary>
    public static Event? Revoke(CylinderCard own, Origin origin, string region, Moment now, string reason)
    {
        if (own.OpenPermit is not { State: PermitState.Issued } open)
        {
            return null;
        }

        Close(own, PermitState.Aborted, now, origin.RequestId);
        var revoked = origin.Event(now, own.Cylinder.CylinderId, open.Terms.StationId, region, open.Terms.Gas);
        revoked.FillAborted = new FillAborted
        {
            PermitId = open.Terms.PermitId,
            Reason = reason,
            Cause = AbortCause.Revoked,
            TerminalId = open.Terms.TerminalId,
            GunId = open.Terms.GunId,
            PermitDeadline = DeadlineOf(open),
        };
        return revoked;
    }

    // Without the ids and the label, which the card has, and without what only a fill under way needs: a card keeps four of them.
    private static PermitTerms TermsForReports(PermitTerms terms) => new()
    {
        StationId = terms.StationId,
        TerminalId = terms.TerminalId,
        GunId = terms.GunId,
        Gas = terms.Gas,
        GasBatchId = terms.GasBatchId,
        IssuedAtUnixS = terms.IssuedAtUnixS,
        RulesVersion = terms.RulesVersion,
    };
}
