using GasTrace.Domain.Deciding;
using GasTrace.Domain.Filling;
using GasTrace.Ledger.InMemory;
using GasTrace.Ledger.Projecting;
using GasTrace.Storage.V1;
using GasTrace.V1;
using LedgerEntry = GasTrace.Ledger.Storage.LedgerEntry;

namespace GasTrace.Simulation.Checking;

/// <summary>What must hold when all is quiet: the cards say what the ledger says, the typed tables too, and the books balance.</summary>
internal static class Accounts
{
    private const int RebuildStep = 777;

    /// <summary>What does not hold; empty when all does.</summary>
    public static async Task<string> CheckAsync(InMemoryLedgerStore ledger, InMemoryProjectionStore tables, ReferenceModel model)
    {
        foreach (var cylinder in model.Listed)
        {
            var card = (await ledger.GetCardsAsync([CardKey.Cylinder(cylinder.Id)], default))[0];
            if (Difference(cylinder, CylinderCard.Parser.ParseFrom(card.State.Span)) is { Length: > 0 } wrong)
            {
                return $"The card of cylinder {cylinder.Id} is not what its entries come to: {wrong}";
            }
        }

        foreach (var (id, station) in model.Stations)
        {
            var card = (await ledger.GetCardsAsync([CardKey.Station(id)], default))[0];
            if (!Station.Parser.ParseFrom(card.State.Span).Equals(station))
            {
                return $"The card of station {id} is not what its entries come to.";
            }
        }

        var rebuilt = new InMemoryProjectionStore();
        var head = await ledger.GetHeadAsync(default);
        for (long position = 0; position < head;)
        {
            IReadOnlyList<LedgerEntry> page = await ledger.ReadAsync(position, RebuildStep, default);
            await rebuilt.ApplyAsync(ProjectedBatch.Of(page), default);
            position += page.Count;
        }

        if (!rebuilt.Rows().SequenceEqual(tables.Rows()))
        {
            return "The typed tables, rebuilt, are not what was kept.";
        }

        var open = model.Listed.Count(cylinder => cylinder.Open is not null);
        var ended = model.Listed.Sum(cylinder => cylinder.Closed.Count);
        return model.Permits.Count == open + ended ? string.Empty : $"The books do not balance: {model.Permits.Count} permits, {ended} ended, {open} open.";
    }

    private static string Difference(ModelCylinder model, CylinderCard card)
    {
        var cylinder = card.Cylinder;
        (string What, object? Model, object? Card)[] facts =
        [
            ("open permit", model.Open?.Id, card.OpenPermit?.Terms.PermitId),
            ("deadline", model.Open?.Deadline, card.OpenPermit?.DeadlineUnixS),
            ("begun", model.Open?.Begun, card.OpenPermit is { } open ? open.State == PermitState.Begun : null),
            ("permits", (long)model.Permits, card.PermitCount),
            ("ended permits", string.Join(' ', model.Closed.TakeLast(4).Select(permit => $"{permit.Id} {permit.End}")), string.Join(' ', ClosedPermits.Of(card).Select(permit => $"{permit.PermitId} {Name(permit.State)}"))),
            ("code", model.Code, cylinder.Code),
            ("holds", string.Join(' ', model.Holds), string.Join(' ', cylinder.Holds.Select(hold => hold.Kind).Order())),
            ("scrapped", model.Scrapped, cylinder.Scrapped),
            ("made", model.Made, ReferenceModel.Day(cylinder.ManufacturedOn)),
            ("tare", model.TareG, cylinder.TareG),
            ("purge", model.PurgeRequired, cylinder.PurgeRequired),
            ("unit", model.Unit, cylinder.UseRegistration?.UnitId ?? string.Empty),
            ("registration cancelled", model.RegistrationCancelled, cylinder.UseRegistration?.Cancelled ?? false),
            ("inspected", model.Inspected, cylinder.LastInspection is { } inspection ? ReferenceModel.Day(inspection.InspectedOn) : null),
            ("due", model.Due, cylinder.InspectionDueOn is { } due ? ReferenceModel.Day(due) : null),
            ("whereabouts", model.Whereabouts, cylinder.Whereabouts),
            ("fills", model.Fills, cylinder.FillCount),
            ("last filled", model.Filled, cylinder.LastFilledAt?.ToDateTimeOffset()),
        ];
        return string.Join("; ", facts.Where(fact => !Equals(fact.Model, fact.Card)).Select(fact => $"{fact.What} should be '{fact.Model}', is '{fact.Card}'"));
    }

    private static string Name(PermitState state) => state switch
    {
        PermitState.Completed => "completed",
        PermitState.Aborted => "aborted",
        _ => "expired",
    };
}
