namespace GasTrace.Domain.Registry.Codes;

/// <summary>ISO/IEC 7064 MOD 37,36: one check character from 0-9A-Z over text from 0-9A-Z.</summary>
public static class Mod3736
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>The check character of a text from 0-9A-Z.</summary>
    public static char CheckCharacter(ReadOnlySpan<char> text)
    {
        var remainder = 36;
        foreach (var character in text)
        {
            remainder += ValueOf(character);
            if (remainder > 36)
            {
                remainder -= 36;
            }

            remainder = remainder * 2 % 37;
        }

        return Alphabet[(37 - remainder) % 36];
    }

    /// <summary>True when the last character is the check character of those before it.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => text.Length > 1 && CheckCharacter(text[..^1]) == text[^1];

    private static int ValueOf(char character) => character switch
    {
        >= '0' and <= '9' => character - '0',
        >= 'A' and <= 'Z' => character - 'A' + 10,
        _ => throw new ArgumentOutOfRangeException(nameof(character), character, "Only 0-9 and A-Z are in the alphabet."),
    };
}
