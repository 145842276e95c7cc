using GasTrace.Storage.V1;
using Google.Protobuf;

namespace GasTrace.Domain.Filling;

/// <summary>
/// The permits of a cylinder's card that are closed, kept for late and repeated reports. They lie there as bytes: with four of them
/// they are most of a card, and a scan only carries them on.
/// </summary>
public static class ClosedPermits
{
    /// <summary>How many a card remembers.</summary>
    public const int Max = 4;

    /// <summary>Those of a card, oldest first.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message: the store is damaged or newer.</exception>
    public static IEnumerable<ClosedPermit> Of(CylinderCard card) => card.ClosedPermits.Select(bytes => Parse(card, bytes));

    /// <summary>One of a card by its id; null when it is not there any more, or never was.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message: the store is damaged or newer.</exception>
    internal static ClosedPermit? Find(CylinderCard? card, string permitId) =>
        card is null ? null : Of(card).FirstOrDefault(permit => permit.PermitId == permitId);

    /// <summary>Adds the newest to a card that is the caller's own copy, and forgets the oldest beyond <see cref="Max"/>.</summary>
    internal static void Add(CylinderCard own, ClosedPermit closed)
    {
        own.ClosedPermits.Add(closed.ToByteString());
        while (own.ClosedPermits.Count > Max)
        {
            own.ClosedPermits.RemoveAt(0);
        }
    }

    /// <summary>Puts a changed one in its place on a card that is the caller's own copy.</summary>
    internal static void Replace(CylinderCard own, ClosedPermit changed)
    {
        var index = Of(own).TakeWhile(permit => permit.PermitId != changed.PermitId).Count();
        own.ClosedPermits[index] = changed.ToByteString();
    }

    private static ClosedPermit Parse(CylinderCard card, ByteString bytes)
    {
        try
        {
            return ClosedPermit.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"A closed permit of cylinder '{card.Cylinder?.CylinderId}' cannot be read: {error.Message}", error);
        }
    }
}
