namespace GasTrace.Ledger.Projecting;

/// <summary>Names of stations, terminals and the like that a batch has again and again: each kept once, and known by its number.</summary>
internal sealed class BatchNames
{
    private readonly List<string> names = [];
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    /// <summary>A name by its number.</summary>
    public string this[int number] => names[number];

    /// <summary>The number of a name, new or not.</summary>
    public int NumberOf(string name)
    {
        if (!numbers.TryGetValue(name, out var number))
        {
            numbers[name] = number = names.Count;
            names.Add(name);
        }

        return number;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        names.Clear();
        numbers.Clear();
    }
}
