using GasTrace.Storage.V1;
using GasTrace.V1;
using Google.Protobuf;

namespace GasTrace.Domain.Deciding;

/// <summary>Which message a card's state is, by the kind of its key.</summary>
public static class CardStates
{
    /// <summary>Reads a card's state.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message: the store is damaged or newer.</exception>
    public static IMessage Parse(CardKey key, ReadOnlySpan<byte> state)
    {
        try
        {
            return ParserOf(key.Value).ParseFrom(state);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new InvalidDataException($"Card '{key}' cannot be read: {error.Message}", error);
        }
    }

    private static MessageParser ParserOf(string key) => key.AsSpan(0, Math.Max(0, key.IndexOf(':', StringComparison.Ordinal))) switch
    {
        "cylinder" => CylinderCard.Parser,
        "code" or "alias2" or "alias3" or "alias4" => AliasCard.Parser,
        "station" => Station.Parser,
        "terminal" => Terminal.Parser,
        "gun" => GunCard.Parser,
        "operator" => Operator.Parser,
        "gasbatch" => GasBatch.Parser,
        "custody" => Custody.Parser,
        "inspector" => InspectionBody.Parser,
        "recall" when key.StartsWith("recall:codes/", StringComparison.Ordinal) => RecallRangesCard.Parser,
        "recall" => Recall.Parser,
        "cursor" => CursorCard.Parser,
        "lease" => LeaseCard.Parser,
        "" when key == CardKey.Limits.Value => LimitsCard.Parser,
        "" when key == CardKey.SharedCards.Value => SharedCardsCard.Parser,
        _ => throw new InvalidDataException($"No card is of the kind of '{key}'."),
    };
}
