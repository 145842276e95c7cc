using System.Globalization;
using GasTrace.Domain.Deciding;
using GasTrace.Domain.Limits;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Storage.V1;
using GasTrace.V1;

namespace GasTrace.Domain.Registry.Cylinders;

/// <summary>Registers a cylinder: unique by code, by maker, year and serial number, and by each alias.</summary>
public sealed class RegisterCylinderCommand(RegisterCylinderRequest request, IReadOnlyList<CodeFormat> formats)
    : Command<RegisterCylinderResponse>(request, request.RequestId, request.ActorId)
{
    private readonly CylinderRegistration given = request.Cylinder ?? new CylinderRegistration();
    private readonly string cylinderId = IssuedIdentity.CylinderId(request.RequestId);
    private string? code;

    /// <inheritdoc />
    public override Rejection? Validate() => Must.All(
        Must.BeUuid("request_id", request.RequestId),
        Must.BeId("actor_id", request.ActorId),
        Must.BeThere("cylinder", request.Cylinder),
        CylinderRegistrationShape.Validate(given, formats));

    /// <inheritdoc />
    public override void Name(CardSet cards)
    {
        cards.Get<LimitsCard>(CardKey.Limits);
        cards.Get<CylinderCard>(CardKey.Cylinder(cylinderId));
        foreach (var key in AliasKeys())
        {
            cards.Get<AliasCard>(key.Key);
        }
    }

    /// <inheritdoc />
    public override Decision Decide(CardSet cards, Moment now)
    {
        var limits = new LimitTable(cards.Get<LimitsCard>(CardKey.Limits), now.Today);
        var facts = RegisteredFacts.Of(given);
        var obstacle = Must.All(
            given.ManufacturedOn.ToDay() > now.Today
                ? Rejection.Invalid("manufactured_on", given.ManufacturedOn.ToDay().ToText(), new("不得晚于今天", "must not lie in the future"))
                : null,
            given.LastInspection?.InspectedOn.ToDay() > now.Today
                ? Rejection.Invalid("last_inspection.inspected_on", given.LastInspection.InspectedOn.ToDay().ToText(), new("不得晚于今天", "must not lie in the future"))
                : null,
            given.LastInspection?.InspectedOn.ToDay() < given.ManufacturedOn.ToDay()
                ? Rejection.Invalid("last_inspection.inspected_on", given.LastInspection.InspectedOn.ToDay().ToText(), new("不得早于制造日期", "must not lie before manufacture"))
                : null,
            given.OutOfUse?.From.ToDayOrNull() is { } from && (from > now.Today || from < given.ManufacturedOn.ToDay())
                ? Rejection.Invalid("out_of_use.from", from.ToText(), new("须在制造日期与今天之间", "must lie between manufacture and today"))
                : null,
            FillingMass.Check(facts, limits),
            TakenAlias(cards));
        if (obstacle is not null)
        {
            return Decision.Rejected(obstacle);
        }

        facts.Kind = facts.Kind == CylinderKind.Unspecified ? RegisteredFacts.DerivedKind(facts) : facts.Kind;
        facts.MaxNetMassG = FillingMass.Of(facts, limits);
        var cylinder = Build(facts, now);
        var registered = Origin.Event(now, cylinderId, string.Empty, CodeRegion.Of(Code), cylinder.Gas);
        registered.CylinderRegistered = new CylinderRegistered { Cylinder = cylinder };
        List<CardChange> changes = [new(CardKey.Cylinder(cylinderId), new CylinderCard { Cylinder = cylinder })];
        changes.AddRange(AliasKeys().Select(alias => new CardChange(alias.Key, new AliasCard { CylinderId = cylinderId, Kind = alias.Kind })));
        var year = given.ManufacturedOn.Year;
        var serial = new Claim(
            Claim.OfSerial(given.Maker, year, given.SerialNumber),
            Rejection.Taken(
                "serial_number",
                string.Create(CultureInfo.InvariantCulture, $"{given.Maker}/{year}/{given.SerialNumber}"),
                new("该制造单位、年份和出厂编号的气瓶已登记", "a cylinder of this maker, year and serial number is registered"),
                "SERIAL_TAKEN"));
        return Decision.Happened([registered], changes, serial);
    }

    /// <inheritdoc />
    public override RegisterCylinderResponse Reply(Event answer, long position) => new()
    {
        Position = position,
        CylinderId = answer.Subject,
        Code = answer.CylinderRegistered.Cylinder.Code,
    };

    // Made only once the request is known to be sound: no code can be made for a region that is none.
    private string Code => code ??= given.Code.Length > 0 ? CodeReading.Read(given.Code, formats).Value : IssuedIdentity.Code(given.IssueRegion, request.RequestId);

    private IEnumerable<(CardKey Key, AliasKind Kind, string Value)> AliasKeys()
    {
        yield return (CardKey.Alias(AliasKind.Code, Code), AliasKind.Code, Code);
        foreach (var alias in given.Aliases)
        {
            var value = AliasText.Normalise(alias.Value);
            yield return (CardKey.Alias(alias.Kind, value), alias.Kind, value);
        }
    }

    private Rejection? TakenAlias(CardSet cards)
    {
        foreach (var (key, kind, value) in AliasKeys())
        {
            if (cards.Get<AliasCard>(key) is { } taken)
            {
                return CylinderAliases.Taken(kind == AliasKind.Code ? "code" : "aliases.value", kind, value, taken);
            }
        }

        return AliasKeys().Select(alias => alias.Key).Distinct().Count() == given.Aliases.Count + 1
            ? null
            : Rejection.Invalid("aliases", $"{given.Aliases.Count} aliases", new("同一标识不得重复", "must not name the same alias twice"));
    }

    private Cylinder Build(CylinderFacts facts, Moment now)
    {
        var cylinder = new Cylinder
        {
            CylinderId = cylinderId,
            Code = Code,
            Maker = given.Maker,
            SerialNumber = given.SerialNumber,
            UseRegistration = given.UseRegistration,
            LastInspection = given.LastInspection,
            Scrapped = given.Scrapped,
            PurgeRequired = given.PurgeRequired,
        };
        RegisteredFacts.Put(cylinder, facts);
        cylinder.Aliases.Add(AliasKeys().Select(alias => new Alias { Kind = alias.Kind, Value = alias.Value }));
        if (given.OutOfUse is { } period)
        {
            cylinder.OutOfUse = new OutOfUse { From = period.From ?? now.Today.ToMessage() };
            cylinder.Holds.Add(new Hold { Kind = HoldKind.OutOfUse, Reason = "停用登记 registered as out of use", ActorId = request.ActorId, Since = now.ToTimestamp() });
        }

        return cylinder;
    }
}
