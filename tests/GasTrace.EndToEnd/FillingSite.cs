using GasTrace.TestServers;
using GasTrace.V1;
using Date = Google.Type.Date;

namespace GasTrace.EndToEnd;

/// <summary>A station with some guns and cylinders that may be filled, for servers that are to be maltreated.</summary>
internal static class FillingSite
{
    public const int Guns = 16;
    private const int Cylinders = 400;
    private static readonly Date Far = new() { Year = 2099, Month = 1, Day = 1 };

    /// <summary>Registers it; answers the cylinders' codes.</summary>
    public static async Task<IReadOnlyList<string>> RegisterAsync(ToolProcess server)
    {
        using var channel = server.Connect();
        var registry = new RegistryService.RegistryServiceClient(channel);
        await registry.PutStationAsync(new PutStationRequest
        {
            RequestId = NewId(), ActorId = "A1", Station = new Station { StationId = "S1", UnitId = "U1", Region = "320102", LicenceNumber = "L", LicenceEndsOn = Far, LicensedGases = { "LPG" } },
        });
        await registry.PutTerminalAsync(new PutTerminalRequest
        {
            RequestId = NewId(), ActorId = "A1",
            Terminal = new V1.Terminal { TerminalId = "T1", StationId = "S1", Gas = "LPG", Guns = { Enumerable.Range(0, Guns).Select(gun => new Gun { GunId = $"G{gun}" }) } },
        });
        await registry.PutOperatorAsync(new PutOperatorRequest
        {
            RequestId = NewId(), ActorId = "A1", Operator = new Operator { OperatorId = "P1", StationIds = { "S1" }, CertificateItems = { "P" }, CertificateEndsOn = Far },
        });
        await registry.PutGasBatchAsync(new PutGasBatchRequest
        {
            RequestId = NewId(), ActorId = "A1", GasBatch = new GasBatch { GasBatchId = "B1", StationId = "S1", Gas = "LPG", CertificateNumber = "Q", CertificateEndsOn = Far, Status = GasBatchStatus.Released },
        });
        return await Task.WhenAll(Enumerable.Range(0, Cylinders).Select(async n => (await registry.RegisterCylinderAsync(new RegisterCylinderRequest
        {
            RequestId = NewId(), ActorId = "A1",
            Cylinder = new CylinderRegistration
            {
                IssueRegion = "320102", Maker = "SDHL", SerialNumber = $"{n}", ManufacturedOn = new Date { Year = 2024, Month = 1, Day = 1 }, Model = "YSP35.5", Gas = "LPG",
                WaterCapacityMl = 35_500, TareG = 16_500, InspectionDueOn = Far, ServiceLifeEndsOn = Far, UseRegistration = new UseRegistration { UnitId = "U1", CertificateNumber = "X" },
            },
        })).Code));
    }

    public static string NewId() => Guid.CreateVersion7().ToString("D");
}
