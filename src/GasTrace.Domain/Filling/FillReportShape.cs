using GasTrace.Domain.Deciding;
using GasTrace.V1;

namespace GasTrace.Domain.Filling;

/// <summary>The shape of a report. Only what cannot be stored is an error: what is merely wrong is a violation, and recorded.</summary>
internal static class FillReportShape
{
    private const int ChecksMax = 32;
    private const int MassMax = 5_000_000;

    public static Rejection? Validate(FillReport report) => Must.All(
        Must.BeIdOrEmpty("report.permit_id", report.PermitId),
        Must.BeIdOrEmpty("report.terminal_id", report.TerminalId),
        Must.BeIdOrEmpty("report.gun_id", report.GunId),
        Must.BeIdOrEmpty("report.operator_id", report.OperatorId),
        Must.BeIdOrEmpty("report.gas_batch_id", report.GasBatchId),
        Must.BeIdOrEmpty("report.checker_id", report.CheckerId),
        Must.BeIdOrEmpty("report.seal_number", report.SealNumber),
        Must.BeAtMost("report.scanned", report.Scanned, Must.PayloadLengthMax),
        Must.BeWithin("report.gross_mass_g", report.GrossMassG, 0, MassMax),
        Must.BeWithin("report.weighed_tare_g", report.WeighedTareG, 0, MassMax),
        Must.BeWithin("report.residue_mass_g", report.ResidueMassG, 0, MassMax),
        Must.BeWithin("report.pressure_kpa", report.PressureKpa, 0, 100_000),
        Must.BeWithin("report.temperature_dc", report.TemperatureDc, -2_731, 20_000),
        Must.BeWithin("report.gun_sequence", report.GunSequence, 0, long.MaxValue),
        Must.BeTimeOrEmpty("report.started_at", report.StartedAt),
        Must.BeTimeOrEmpty("report.ended_at", report.EndedAt),
        Must.BeFew("report.checks", report.Checks.Count, ChecksMax),
        Must.Each(report.Checks, check => Must.All(
            Must.BeNamed("report.checks.item", check.Item),
            Must.BeNamed("report.checks.outcome", check.Outcome),
            Must.BeText("report.checks.note", check.Note, 0, Must.TextLengthMax))),
        report.Video is { } video ? Validate(video) : null);

    private static Rejection? Validate(VideoReference video) => Must.All(
        Must.BeIdOrEmpty("report.video.camera_id", video.CameraId),
        Must.BeTimeOrEmpty("report.video.from", video.From),
        Must.BeTimeOrEmpty("report.video.to", video.To),
        Must.BeText("report.video.uri", video.Uri, 0, Must.PayloadLengthMax),
        video.Sha256.Length is 0 or 32 ? null : Rejection.Invalid("report.video.sha256", $"{video.Sha256.Length} bytes", new("须为 32 字节，或留空", "must be 32 bytes, or empty")));
}
