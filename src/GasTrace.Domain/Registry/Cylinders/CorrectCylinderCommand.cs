using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>
/// Sets right what was registered wrongly. The entry holds what was wrong beside what is right. A permit that is issued was decided on
/// what was wrong, and is revoked.
/// </summary>
public sealed class CorrectCylinderCommand(CorrectCylinderRequest request)
    : CylinderCommand<CorrectCylinderResponse>(request, request.RequestId, request.ActorId, request.CylinderId)
{
    private static readonly string[] FactNames = [.. CylinderFacts.Descriptor.Fields.InDeclarationOrder().Select(field => field.Name)];

    private RepeatedField<string> Named => request.UpdateMask?.Paths ?? [];

    /// <inheritdoc />
    protected override Rejection? ValidateChange() => Must.All(
        Must.BeReason("reason", request.Reason),
        Must.BeText("proof_uri", request.ProofUri, 0, Must.PayloadLengthMax),
        Must.BeThere("facts", request.Facts),
        Named.Count == 0 ? Must.BeOneOf("update_mask", string.Empty, FactNames) : null,
        Must.BeFew("update_mask", Named.Count, FactNames.Length),
        Must.Each(Named, name => Must.BeOneOf("update_mask", name, FactNames)));

    /// <inheritdoc />
    protected override void NameMore(Cylinder cylinder, CardSet cards) => cards.Get<LimitsCard>(CardKey.Limits);

    /// <inheritdoc />
    protected override Rejection? Change(CylinderChange change)
    {
        var limits = new LimitTable(change.Cards.Get<LimitsCard>(CardKey.Limits), change.Now.Today);
        var before = RegisteredFacts.Of(change.Cylinder);
        var after = before.Clone();
        foreach (var name in Named)
        {
            Take(CylinderFacts.Descriptor.FindFieldByName(name), after);
        }

        // A day that is set right must not go on counting as the month that stood there before.
        after.InspectionDuePrecision = Named.Contains("inspection_due_on") ? request.Facts.InspectionDuePrecision : after.InspectionDuePrecision;
        after.ServiceLifePrecision = Named.Contains("service_life_ends_on") ? request.Facts.ServiceLifePrecision : after.ServiceLifePrecision;

        if (RegisteredFacts.Validate(after) is { } malformed)
        {
            return malformed;
        }

        Derive(before, after, limits);
        var made = after.ManufacturedOn.ToDay();
        var obstacle = Must.All(
            made.Year != before.ManufacturedOn.Year
                ? Rejection.Invalid("manufactured_on", made.ToText(), new($"年份须仍为 {before.ManufacturedOn.Year}：与制造单位、出厂编号同为登记依据", $"must stay in {before.ManufacturedOn.Year}: with maker and serial number the year is what it is registered under"))
                : null,
            made > change.Now.Today ? Rejection.Invalid("manufactured_on", made.ToText(), new("不得晚于今天", "must not lie in the future")) : null,
            made > change.Cylinder.LastInspection?.InspectedOn.ToDay() ? Rejection.Invalid("manufactured_on", made.ToText(), new("不得晚于上次检验", "must not lie after the last inspection")) : null,
            made > change.Cylinder.OutOfUse?.From.ToDayOrNull() ? Rejection.Invalid("manufactured_on", made.ToText(), new("不得晚于停用之日", "must not lie after the day since which it is out of use")) : null,
            BoundsMass(before, after) ? FillingMass.Check(after, limits) : null,
            after.Equals(before) ? Rejection.Invalid("facts", string.Join(", ", Named), new("须与登记内容不同", "must differ from what is registered")) : null);
        if (obstacle is not null)
        {
            return obstacle;
        }

        RegisteredFacts.Put(change.Cylinder, after);
        change.Event.Gas = after.Gas;
        change.Event.CylinderCorrected = new CylinderCorrected { Before = before, After = after, Reason = request.Reason, ProofUri = request.ProofUri };
        RevokePermit(change, request.Reason);
        return null;
    }

    /// <inheritdoc />
    public override CorrectCylinderResponse Reply(Event answer, long position) => new() { Position = position };

    // A coefficient that was lowered since it was registered must not stand in the way of setting another fact right.
    private static bool BoundsMass(CylinderFacts before, CylinderFacts after) =>
        (before.Gas, before.WaterCapacityMl, before.MaxNetMassG) != (after.Gas, after.WaterCapacityMl, after.MaxNetMassG);

    private void Take(FieldDescriptor fact, CylinderFacts after)
    {
        if (fact.Accessor.GetValue(request.Facts) is { } stated)
        {
            fact.Accessor.SetValue(after, stated);
        }
        else
        {
            fact.Accessor.Clear(after);
        }
    }

    // What followed from gas, date, model and capacity follows from them still, unless it is stated otherwise.
    private void Derive(CylinderFacts before, CylinderFacts after, LimitTable limits)
    {
        if (Named.Contains("kind") ? after.Kind == CylinderKind.Unspecified : before.Kind == RegisteredFacts.DerivedKind(before))
        {
            after.Kind = RegisteredFacts.DerivedKind(after);
        }

        if (Named.Contains("max_net_mass_g") ? after.MaxNetMassG == 0 : before.MaxNetMassG == FillingMass.Derived(before, limits))
        {
            after.MaxNetMassG = FillingMass.Derived(after, limits);
        }
    }
}
