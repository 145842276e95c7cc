using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Simulation.Checking;

/// <summary>What requests to the register change.</summary>
internal sealed partial class ReferenceModel
{
    private string Registered(Event happened, IMessage request, DateTimeOffset now)
    {
        switch (request)
        {
            case RegisterCylinderRequest register:
                return Register(register, happened.Subject, happened.CylinderRegistered.Cylinder.Code, now);
            case PutStationRequest put:
                var status = Stations.TryGetValue(put.Station.StationId, out var station) ? station.Status : StationStatus.Active;
                Stations[put.Station.StationId] = new Station(put.Station) { Status = status, Locked = station?.Locked ?? false };
                break;
            case PutTerminalRequest put:
                var before = Terminals.GetValueOrDefault(put.Terminal.TerminalId);
                var terminal = new V1.Terminal(put.Terminal) { Locked = before?.Locked ?? false };
                foreach (var gun in terminal.Guns)
                {
                    gun.Locked = before?.Guns.Any(own => own.GunId == gun.GunId && own.Locked) ?? false;
                }

                Terminals[terminal.TerminalId] = terminal;
                break;
            case PutOperatorRequest put:
                Operators[put.Operator.OperatorId] = put.Operator;
                break;
            case PutGasBatchRequest put:
                Batches[$"{put.GasBatch.StationId}/{put.GasBatch.GasBatchId}"] = put.GasBatch;
                break;
            case PutCustodyRequest put:
                Custody[$"{put.Custody.UnitId}/{put.Custody.StationId}"] = put.Custody.Active;
                break;
            case PutInspectionBodyRequest put:
                Bodies[put.InspectionBody.InspectionBodyId] = put.InspectionBody.RevokedFrom is { } revoked ? Day(revoked) : null;
                break;
            case PutLimitRequest put:
                Limit(put.Limit);
                break;
            case SuspendStationRequest suspend:
                Stations[suspend.StationId].Status = suspend.Status;
                break;
            case ResumeStationRequest resume:
                Stations[resume.StationId].Status = StationStatus.Active;
                break;
            case LockScaleRequest locks:
                Lock(locks.StationId, locks.TerminalId, locks.GunId, true);
                break;
            case UnlockScaleRequest unlocks:
                Lock(unlocks.StationId, unlocks.TerminalId, unlocks.GunId, false);
                break;
            case BlacklistRequest { TargetCase: not BlacklistRequest.TargetOneofCase.CylinderId } recall:
                return Recalls.Add(Target(recall.MakerMonth, recall.Model)) ? string.Empty : "a recall was put twice";
            case DelistRequest { TargetCase: not DelistRequest.TargetOneofCase.CylinderId } lift:
                return Recalls.Remove(Target(lift.MakerMonth, lift.Model)) ? string.Empty : "a recall was lifted that there is not";
            default:
                var cylinder = Cylinders[happened.Subject];
                return cylinder.Scrapped && request is not (BlacklistRequest or DelistRequest or HoldCylinderRequest or ReleaseCylinderRequest or RecordWhereaboutsRequest)
                    ? "a scrapped cylinder was changed"
                    : Change(cylinder, request, now);
        }

        return string.Empty;
    }

    private string Register(RegisterCylinderRequest request, string id, string code, DateTimeOffset now)
    {
        var given = request.Cylinder;
        var cylinder = new ModelCylinder
        {
            Id = id,
            Maker = given.Maker,
            Serial = given.SerialNumber,
            Made = Day(given.ManufacturedOn),
            Model = given.Model,
            Gas = given.Gas,
            TareG = given.TareG,
            MaxNetMassG = given.MaxNetMassG,
            Refurbished = given.Refurbished,
            Code = code,
            Unit = given.UseRegistration?.UnitId ?? string.Empty,
            Certificate = given.UseRegistration?.CertificateNumber ?? string.Empty,
            Inspected = given.LastInspection is { } inspection ? Day(inspection.InspectedOn) : null,
            InspectionFailed = given.LastInspection?.Result == InspectionResult.Failed,
            InspectionBody = given.LastInspection?.InspectionBodyId ?? string.Empty,
            Due = given.InspectionDueOn is { } due ? Day(due) : null,
            StampedLifeEnd = given.ServiceLifeEndsOn is { } end ? Day(end) : null,
            Scrapped = given.Scrapped,
            PurgeRequired = given.PurgeRequired,
            OutFrom = given.OutOfUse is { } period ? period.From is { } from ? Day(from) : Day(now) : null,
        };
        if (given.OutOfUse is not null)
        {
            cylinder.Holds.Add(HoldKind.OutOfUse);
        }

        var twin = Cylinders.Values.Any(other => other.Maker == cylinder.Maker && other.Serial == cylinder.Serial && other.Made.Year == cylinder.Made.Year);
        Listed.Add(cylinder);
        return twin || !Cylinders.TryAdd(id, cylinder) || !Codes.TryAdd(code, (id, false)) || !CheckCharacterHolds(code) ? "a cylinder or its code was registered twice" : string.Empty;
    }

    private string Change(ModelCylinder cylinder, IMessage request, DateTimeOffset now)
    {
        switch (request)
        {
            case BlacklistRequest:
                return cylinder.Holds.Add(HoldKind.Blacklisted) ? string.Empty : "it was blacklisted twice";
            case DelistRequest:
                return cylinder.Holds.Remove(HoldKind.Blacklisted) ? string.Empty : "it was not blacklisted";
            case HoldCylinderRequest hold:
                cylinder.OutFrom = hold.Kind == HoldKind.OutOfUse && !LongOutOfUse(cylinder, Day(now)) ? Day(now) : cylinder.OutFrom;
                cylinder.OutUntil = hold.Kind == HoldKind.OutOfUse ? null : cylinder.OutUntil;
                return cylinder.Holds.Add(hold.Kind) ? string.Empty : "it was held twice";
            case ReleaseCylinderRequest release:
                cylinder.OutUntil = release.Kind == HoldKind.OutOfUse ? Day(now) : cylinder.OutUntil;
                return cylinder.Holds.Remove(release.Kind) ? string.Empty : "it was not held";
            case RecordInspectionRequest { Inspection: { } inspection } record:
                var inspected = Day(inspection.InspectedOn);
                var counted = DueOf(cylinder);
                cylinder.TareG = record.TareG > 0 ? record.TareG : cylinder.TareG;
                cylinder.StampedLifeEnd = record.ServiceLifeEndsOn is { } end ? Day(end) : cylinder.StampedLifeEnd;
                cylinder.PurgeRequired |= inspection.Result == InspectionResult.Passed && !(cylinder.Purged is { } purged && Day(purged) > inspected);
                (cylinder.Inspected, cylinder.InspectionFailed, cylinder.InspectionBody) = (inspected, inspection.Result == InspectionResult.Failed, inspection.InspectionBodyId);
                cylinder.Due = !cylinder.InspectionFailed ? (record.InspectionDueOn is { } due ? Day(due) : inspected.AddMonths(Interval(cylinder, inspected)))
                    : record.InspectionDueOn is { } stated ? (Day(stated) < counted ? Day(stated) : counted)
                    : DueOf(cylinder) > counted ? counted
                    : cylinder.Due;
                break;
            case CorrectCylinderRequest correct when correct.UpdateMask.Paths.All(fact => fact is "tare_g" or "manufactured_on"):
                cylinder.TareG = correct.UpdateMask.Paths.Contains("tare_g") ? correct.Facts.TareG : cylinder.TareG;
                cylinder.Made = correct.UpdateMask.Paths.Contains("manufactured_on") ? Day(correct.Facts.ManufacturedOn) : cylinder.Made;
                break;
            case RecordPurgeRequest:
                (cylinder.PurgeRequired, cylinder.Purged) = (false, now);
                break;
            case RecordWhereaboutsRequest whereabouts:
                cylinder.Whereabouts = whereabouts.Whereabouts;
                break;
            case TransferUseRegistrationRequest transfer:
                (cylinder.Unit, cylinder.Certificate, cylinder.RegistrationCancelled) = (transfer.UnitId, transfer.CertificateNumber, false);
                break;
            case CancelUseRegistrationRequest:
                cylinder.RegistrationCancelled = true;
                break;
            case ScrapCylinderRequest:
                cylinder.Scrapped = true;
                break;
            case ReplaceCodeRequest replace:
                Codes[cylinder.Code] = (cylinder.Id, true);
                cylinder.Code = replace.NewCode;
                return Codes.TryAdd(replace.NewCode, (cylinder.Id, false)) ? string.Empty : "a code was given twice";
            case BindAliasRequest bind:
                cylinder.StampedNumbers.Add(bind.Alias.Value);
                break;
            case VoidAliasRequest away:
                cylinder.StampedNumbers.Remove(away.Alias.Value);
                break;
            default:
                return $"nobody asked for it: {request.Descriptor.Name}";
        }

        return string.Empty;
    }

    private void Limit(Limit limit)
    {
        switch (limit.Name)
        {
            case "permit_lifetime_s":
                PermitLifetime = limit.Value;
                break;
            case "fill_duration_max_s":
                FillDuration = limit.Value;
                break;
            default:
                TareTolerance = limit.Name == "tare_tolerance_g" ? limit.Value : TareTolerance;
                break;
        }
    }

    private void Lock(string station, string terminal, string gun, bool locked)
    {
        if (terminal.Length == 0)
        {
            Stations[station].Locked = locked;
        }
        else if (gun.Length == 0)
        {
            Terminals[terminal].Locked = locked;
        }
        else
        {
            Terminals[terminal].Guns.First(own => own.GunId == gun).Locked = locked;
        }
    }

    private static string Target(MakerMonth? month, string model) => month is null ? $"model {model}" : $"month {month.Maker} {month.Year}-{month.Month}";
}
