using GasTrace.Domain.Deciding;
using GasTrace.Domain.Registry.Codes;
using GasTrace.Domain.Registry.Cylinders;
using GasTrace.V1;

namespace GasTrace.Domain.Tests;

/// <summary>The last inspection that a cylinder is registered with counts as one that was recorded, so it must be as sound.</summary>
public class RegisteredInspectionTests
{
    private readonly World world = new();

    [Theory]
    [InlineData("last_inspection.result", "INSPECTION_RESULT_UNSPECIFIED", "must be one of INSPECTION_RESULT_PASSED, INSPECTION_RESULT_FAILED")]
    [InlineData("last_inspection.result", "7", "must be one of INSPECTION_RESULT_PASSED, INSPECTION_RESULT_FAILED")]
    [InlineData("last_inspection.inspected_on", "", null)]
    [InlineData("last_inspection.inspected_on", "2026-11-24", "must not lie in the future")]
    [InlineData("last_inspection.inspected_on", "2023-12-31", "must not lie before manufacture")]
    [InlineData("last_inspection.inspection_body_id", "J 1\n", null)]
    [InlineData("last_inspection.report_number", "R 1\n", null)]
    public void One_that_is_not_sound_is_refused_by_name(string field, string value, string? rule)
    {
        var inspection = new Inspection { InspectedOn = World.Day(2026, 11, 23), Result = InspectionResult.Passed };
        switch (field)
        {
            case "last_inspection.result":
                inspection.Result = value == "7" ? (InspectionResult)7 : InspectionResult.Unspecified;
                break;
            case "last_inspection.inspected_on":
                inspection.InspectedOn = DateOnly.TryParse(value, out var day) ? day.ToMessage() : null;
                break;
            case "last_inspection.inspection_body_id":
                inspection.InspectionBodyId = value;
                break;
            default:
                inspection.ReportNumber = value;
                break;
        }

        var rejection = Register(inspection);
        Assert.Equal((RejectionKind.Invalid, field, value), (rejection?.Kind, rejection?.Field, rejection?.Value));
        Assert.True(rule is null || rejection?.Rule.English == rule, rejection?.Rule.English);
    }

    [Fact]
    public void One_of_today_and_one_of_the_day_of_manufacture_are_taken()
    {
        Assert.Null(Register(new Inspection { InspectedOn = World.Day(2026, 11, 23), Result = InspectionResult.Passed }));
        Assert.Null(Register(new Inspection { InspectedOn = World.Day(2024, 1, 1), Result = InspectionResult.Failed }));
    }

    private Rejection? Register(Inspection inspection) => world.Try(
        new RegisterCylinderCommand(
            new RegisterCylinderRequest
            {
                RequestId = Guid.NewGuid().ToString("D"),
                ActorId = "A1",
                Cylinder = new CylinderRegistration
                {
                    IssueRegion = "320102", Maker = "SDHL", SerialNumber = Guid.NewGuid().ToString("D"), ManufacturedOn = World.Day(2024, 1, 1), Model = "YSP35.5", Gas = "LPG",
                    WaterCapacityMl = 35_500, TareG = 16_500, LastInspection = inspection,
                },
            },
            CodeFormat.Default),
        out _);
}
