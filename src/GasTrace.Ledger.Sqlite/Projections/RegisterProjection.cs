using GasTrace.Domain.Deciding;
using GasTrace.V1;
using Date = Google.Type.Date;

namespace GasTrace.Ledger.Sqlite.Projections;

/// <summary>What events of the register write into the typed tables.</summary>
internal static class RegisterProjection
{
    /// <summary>Writes one event; kinds without a table of their own write nothing.</summary>
    public static void Write(ProjectionStatements sql, long position, Event happened)
    {
        var cylinderId = happened.Subject;
        switch (happened.BodyCase)
        {
            case Event.BodyOneofCase.CylinderRegistered:
                Registered(sql, happened.CylinderRegistered.Cylinder);
                break;
            case Event.BodyOneofCase.CodeReplaced:
                sql["update_code"].Bind(1, cylinderId).Bind(2, happened.CodeReplaced.NewCode).Run();
                break;
            case Event.BodyOneofCase.InspectionRecorded:
                sql["update_inspection"].Bind(1, cylinderId)
                    .Bind(2, Text(happened.InspectionRecorded.InspectionDueOn)).Bind(3, Text(happened.InspectionRecorded.ServiceLifeEndsOn)).Run();
                break;
            case Event.BodyOneofCase.UseRegistrationChanged:
                var registration = happened.UseRegistrationChanged.UseRegistration;
                sql["update_registration"].Bind(1, cylinderId)
                    .Bind(2, registration.Cancelled ? string.Empty : registration.UnitId)
                    .Bind(3, registration.Cancelled ? string.Empty : registration.CertificateNumber).Run();
                break;
            case Event.BodyOneofCase.CylinderHeld:
                var hold = happened.CylinderHeld.Hold;
                sql["insert_hold"].Bind(1, cylinderId).Bind(2, (int)hold.Kind).Bind(3, hold.Reason).Bind(4, position).Run();
                break;
            case Event.BodyOneofCase.CylinderReleased:
                sql["delete_hold"].Bind(1, cylinderId).Bind(2, (int)happened.CylinderReleased.Kind).Run();
                break;
            case Event.BodyOneofCase.CylinderScrapped:
                sql["update_scrapped"].Bind(1, cylinderId).Run();
                break;
            case Event.BodyOneofCase.StationPut:
                var station = happened.StationPut.Station;
                sql["upsert_station"].Bind(1, station.StationId).Bind(2, station.Name).Bind(3, station.UnitId).Bind(4, station.Region)
                    .Bind(5, Text(station.LicenceEndsOn)).Bind(6, (int)station.Status).Run();
                break;
            case Event.BodyOneofCase.StationStatusChanged:
                sql["update_station_status"].Bind(1, happened.Subject).Bind(2, (int)happened.StationStatusChanged.Status).Run();
                break;
            default:
                break;
        }
    }

    private static void Registered(ProjectionStatements sql, Cylinder cylinder) => sql["upsert_cylinder"]
        .Bind(1, cylinder.CylinderId).Bind(2, cylinder.Code).Bind(3, cylinder.Maker).Bind(4, cylinder.SerialNumber)
        .Bind(5, Text(cylinder.ManufacturedOn)).Bind(6, cylinder.Model).Bind(7, cylinder.Gas)
        .Bind(8, cylinder.UseRegistration?.UnitId ?? string.Empty).Bind(9, cylinder.UseRegistration?.CertificateNumber ?? string.Empty)
        .Bind(10, Text(cylinder.InspectionDueOn)).Bind(11, Text(cylinder.ServiceLifeEndsOn)).Bind(12, cylinder.Scrapped ? 1 : 0)
        .Run();

    private static string Text(Date? date) => date.ToDayOrNull()?.ToText() ?? string.Empty;
}
