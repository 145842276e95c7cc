using GasTrace.Simulation.Checking;
using GasTrace.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace GasTrace.Simulation.City;

/// <summary>
/// Who keeps the register while everyone fills: blacklists, holds, inspects, suspends, locks, replaces codes; and mends it
/// again a little later, or the city would come to a stop.
/// </summary>
internal sealed class Registrar
{
    private readonly World world;
    private readonly Caller caller;
    private readonly RegistryService.RegistryServiceClient registry;

    public Registrar(World world, string name, double giveUpShare = 0.1)
    {
        this.world = world;
        caller = new Caller(world, name, giveUpShare);
        registry = caller.Registry;
    }

    private ReferenceModel Model => world.Referee.Model;

    /// <summary>Builds the city up, while nothing fails.</summary>
    public async Task FoundAsync()
    {
        foreach (var site in world.Plan.Sites())
        {
            await PutAsync(site);
        }

        for (var n = 0; n < world.Plan.Cylinders; n += 50)
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(50, world.Plan.Cylinders - n)).Select(_ => RegisterAsync()));
        }
    }

    /// <summary>Changes it, again and again.</summary>
    public async Task RunAsync()
    {
        while (!world.IsClosing)
        {
            await world.PauseAsync(1);
            await (world.Random.Chance(0.6) ? RepairAsync() : HarmAsync());
        }
    }

    private async Task RepairAsync()
    {
        var cylinder = world.Random.Of(Model.Listed);
        if (cylinder.Holds.Count > 0)
        {
            await ReleaseAsync(cylinder, cylinder.Holds.Min);
        }
        else if (cylinder.PurgeRequired)
        {
            await AskAsync(new RecordPurgeRequest { CylinderId = cylinder.Id, StationId = "S0" }, registry.RecordPurgeAsync);
        }
        else if (cylinder.TareG == 0)
        {
            await CorrectAsync(cylinder, new CylinderFacts { TareG = 16_500 }, "tare_g");
        }
        else if (cylinder.InspectionFailed)
        {
            await InspectAsync(cylinder, InspectionResult.Passed);
        }
        else
        {
            await AskAsync(
                new RecordWhereaboutsRequest { CylinderId = cylinder.Id, Whereabouts = world.Random.Chance(0.3) ? Whereabouts.AtCustomer : Whereabouts.Unspecified },
                registry.RecordWhereaboutsAsync);
        }
    }

    private async Task HarmAsync()
    {
        var cylinder = world.Random.Of(Model.Listed);
        var place = world.Random.Of(world.Plan.Guns);
        switch (world.Random.Below(25))
        {
            case 0 or 1 or 2 or 3:
                await AskAsync(new BlacklistRequest { CylinderId = cylinder.Id, Reason = "simulated" }, registry.BlacklistAsync);
                Later(20, () => ReleaseAsync(cylinder, HoldKind.Blacklisted));
                break;
            case 4 or 5:
                var kind = world.Random.Of([HoldKind.CloneSuspect, HoldKind.Seized, HoldKind.OutOfUse]);
                await AskAsync(new HoldCylinderRequest { CylinderId = cylinder.Id, Kind = kind, Reason = "simulated" }, registry.HoldCylinderAsync);
                Later(20, () => ReleaseAsync(cylinder, kind));
                break;
            case 6:
                var month = new MakerMonth { Maker = cylinder.Maker, Year = cylinder.Made.Year, Month = cylinder.Made.Month };
                await AskAsync(new BlacklistRequest { MakerMonth = month, Reason = "simulated" }, registry.BlacklistAsync);
                Later(8, () => AskAsync(new DelistRequest { MakerMonth = month, Reason = "simulated" }, registry.DelistAsync));
                break;
            case 7 when world.Random.Chance(0.2):
                await AskAsync(new BlacklistRequest { Model = "YSP35.5", Reason = "simulated" }, registry.BlacklistAsync);
                Later(2, () => AskAsync(new DelistRequest { Model = "YSP35.5", Reason = "simulated" }, registry.DelistAsync));
                break;
            case 8 or 9:
                await AskAsync(new SuspendStationRequest { StationId = place.Station, Status = StationStatus.Suspended, Reason = "simulated" }, registry.SuspendStationAsync);
                Later(5, () => AskAsync(new ResumeStationRequest { StationId = place.Station, Reason = "simulated" }, registry.ResumeStationAsync));
                break;
            case 10 or 11:
                await LockAsync(place);
                break;
            case 12:
                var certified = CityPlan.Day(new DateOnly(2026, 2, 27).AddDays(world.Random.Below(6)));
                await PutAsync(new PutOperatorRequest { Operator = CityPlan.Operator(place.Station, certified, world.Random.Chance(0.3)) });
                Later(5, () => PutAsync(new PutOperatorRequest { Operator = CityPlan.Operator(place.Station, CityPlan.Day(new DateOnly(2030, 1, 1))) }));
                break;
            case 13:
                await PutAsync(new PutGasBatchRequest { GasBatch = CityPlan.Batch(place.Station, GasBatchStatus.OnHold) });
                Later(5, () => PutAsync(new PutGasBatchRequest { GasBatch = CityPlan.Batch(place.Station, GasBatchStatus.Released) }));
                break;
            case 14 or 15:
                await AskAsync(
                    new TransferUseRegistrationRequest { CylinderId = cylinder.Id, UnitId = world.Random.Of(["U1", "U2", "U3"]), CertificateNumber = "R2" },
                    registry.TransferUseRegistrationAsync);
                break;
            case 16:
                await AskAsync(new CancelUseRegistrationRequest { CylinderId = cylinder.Id, Reason = "simulated" }, registry.CancelUseRegistrationAsync);
                Later(10, () => AskAsync(
                    new TransferUseRegistrationRequest { CylinderId = cylinder.Id, UnitId = "U1", CertificateNumber = "R3" }, registry.TransferUseRegistrationAsync));
                break;
            case 17:
                await PutAsync(new PutCustodyRequest
                {
                    Custody = new Custody { UnitId = world.Random.Of(["U1", "U2", "U3"]), StationId = place.Station, Active = world.Random.Chance(0.7) },
                });
                break;
            case 18:
                var revoked = CityPlan.Day(new DateOnly(2024, 1, 1));
                await PutAsync(new PutInspectionBodyRequest { InspectionBody = new InspectionBody { InspectionBodyId = "I2", RevokedFrom = revoked } });
                Later(4, () => PutAsync(new PutInspectionBodyRequest { InspectionBody = new InspectionBody { InspectionBodyId = "I2" } }));
                break;
            case 19:
                await InspectAsync(cylinder, world.Random.Chance(0.7) ? InspectionResult.Passed : InspectionResult.Failed);
                break;
            case 20 or 21:
                await AskAsync(
                    new ReplaceCodeRequest { CylinderId = cylinder.Id, OldCode = cylinder.Code, NewCode = world.Plan.NewCode(), Reason = "simulated" }, registry.ReplaceCodeAsync);
                break;
            case 22:
                var alias = new Alias { Kind = AliasKind.StampedNumber, Value = $"N{world.Random.Below(500)}" };
                await AskAsync(new BindAliasRequest { CylinderId = cylinder.Id, Alias = alias }, registry.BindAliasAsync);
                Later(20, () => AskAsync(new VoidAliasRequest { CylinderId = cylinder.Id, Alias = alias, Reason = "simulated" }, registry.VoidAliasAsync));
                break;
            case 24:
                var made = new DateOnly(cylinder.Made.Year, 1 + world.Random.Below(12), 1 + world.Random.Below(28));
                await CorrectAsync(cylinder, new CylinderFacts { ManufacturedOn = CityPlan.Day(made), TareG = 16_400 + (100 * world.Random.Below(3)) }, "manufactured_on", "tare_g");
                break;
            case 23 when world.Random.Chance(0.2):
                await AskAsync(new ScrapCylinderRequest { CylinderId = cylinder.Id, Reason = "simulated" }, registry.ScrapCylinderAsync);
                break;
            default:
                await (world.Random.Chance(0.9) ? RegisterAsync() : PutAsync(CityPlan.Limit("tare_tolerance_g", 200 + (100 * world.Random.Below(2)))));
                break;
        }
    }

    private Task RegisterAsync() => AskAsync(world.Plan.NewCylinder(), registry.RegisterCylinderAsync);

    private Task ReleaseAsync(ModelCylinder cylinder, HoldKind kind) => kind == HoldKind.Blacklisted
        ? AskAsync(new DelistRequest { CylinderId = cylinder.Id, Reason = "simulated" }, registry.DelistAsync)
        : AskAsync(new ReleaseCylinderRequest { CylinderId = cylinder.Id, Kind = kind, Reason = "simulated" }, registry.ReleaseCylinderAsync);

    private Task CorrectAsync(ModelCylinder cylinder, CylinderFacts facts, params string[] named) => AskAsync(
        new CorrectCylinderRequest { CylinderId = cylinder.Id, Facts = facts, UpdateMask = new FieldMask { Paths = { named } }, Reason = "simulated" }, registry.CorrectCylinderAsync);

    private async Task InspectAsync(ModelCylinder cylinder, InspectionResult result) => await AskAsync(
        new RecordInspectionRequest
        {
            CylinderId = cylinder.Id,
            Inspection = new Inspection { InspectedOn = CityPlan.Day(ReferenceModel.Day(world.Clock.GetUtcNow()).AddDays(-1)), Result = result, InspectionBodyId = world.Random.Of(["I1", "I2"]) },
            TareG = world.Random.Below(4) == 0 ? 16_000 + world.Random.Below(1_000) : 0,
        },
        registry.RecordInspectionAsync);

    private async Task LockAsync(GunPlace place)
    {
        var (terminal, gun) = world.Random.Below(3) switch
        {
            0 => (string.Empty, string.Empty),
            1 => (place.Terminal, string.Empty),
            _ => (place.Terminal, place.Gun),
        };
        await AskAsync(new LockScaleRequest { StationId = place.Station, TerminalId = terminal, GunId = gun, Reason = "simulated" }, registry.LockScaleAsync);
        Later(4, () => AskAsync(new UnlockScaleRequest { StationId = place.Station, TerminalId = terminal, GunId = gun, Reason = "simulated" }, registry.UnlockScaleAsync));
    }

    private Task PutAsync(IMessage site) => site switch
    {
        PutLimitRequest put => AskAsync(put, registry.PutLimitAsync),
        PutInspectionBodyRequest put => AskAsync(put, registry.PutInspectionBodyAsync),
        PutStationRequest put => AskAsync(put, registry.PutStationAsync),
        PutOperatorRequest put => AskAsync(put, registry.PutOperatorAsync),
        PutGasBatchRequest put => AskAsync(put, registry.PutGasBatchAsync),
        PutCustodyRequest put => AskAsync(put, registry.PutCustodyAsync),
        PutTerminalRequest put => AskAsync(put, registry.PutTerminalAsync),
        _ => throw new InvalidOperationException($"Nobody knows where to put {site.Descriptor.Name}."),
    };

    private void Later(double seconds, Func<Task> repair) => _ = LaterAsync(seconds, repair);

    private async Task LaterAsync(double seconds, Func<Task> repair)
    {
        await world.PauseAsync(seconds);
        await repair();
    }

    // Every request of the register has an id, an actor, and an answer that says where it stands.
    private Task AskAsync<TRequest, TResponse>(TRequest request, Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> call)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var fields = request.Descriptor.Fields;
        var id = world.Random.Uuid();
        fields["request_id"].Accessor.SetValue(request, id);
        fields["actor_id"].Accessor.SetValue(request, "A1");
        return caller.AskAsync(id, request, () => call(request, default).ResponseAsync, answer =>
        {
            var position = (long)answer.Descriptor.Fields["position"].Accessor.GetValue(answer);
            var kind = position < world.Referee.Entries.Count ? world.Referee.Entries[(int)position].Kind : Event.BodyOneofCase.None;
            world.Referee.Answered(id, request, position, kind, string.Empty, 0);
        });
    }
}
