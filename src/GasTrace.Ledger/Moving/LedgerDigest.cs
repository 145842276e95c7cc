using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using GasTrace.Ledger.Storage;

namespace GasTrace.Ledger.Moving;

/// <summary>
/// What a ledger amounts to: counts, and hashes over every byte that matters. Entries are hashed in their order; cards and claims
/// each by itself and then added up, since stores keep them in orders of their own and keys are unique.
/// </summary>
/// <param name="Entries">How many entries.</param>
/// <param name="Cards">How many cards.</param>
/// <param name="Claims">How many claims.</param>
/// <param name="Hash">SHA-256 over the three hashes, hexadecimal.</param>
public sealed record LedgerDigest(long Entries, long Cards, long Claims, string Hash)
{
    private const int PageRows = 5_000;

    /// <summary>Reads a ledger from end to end.</summary>
    /// <param name="source">The ledger.</param>
    /// <param name="progress">Told how many rows were read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LedgerDigest> OfAsync(ILedgerSource source, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var entryHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var rows = new Rows();
        long read = 0, entries = 0;
        for (IReadOnlyList<LedgerEntry> page; (page = await source.ReadEntriesAsync(entries, PageRows, cancellationToken)).Count > 0; progress?.Report(read += page.Count))
        {
            foreach (var entry in page)
            {
                entryHash.AppendData(rows.Of($"{entry.Position}\n{entry.Header}", entry.Payload.Span));
            }

            entries += page.Count;
        }

        long cards = 0;
        var cardSum = new byte[SHA256.HashSizeInBytes];
        for (var (page, after) = (await source.ReadCardsAsync(string.Empty, PageRows, cancellationToken), string.Empty); page.Count > 0; page = await source.ReadCardsAsync(after, PageRows, cancellationToken))
        {
            foreach (var card in page)
            {
                Add(cardSum, rows.Of($"{card.Key.Value}\n{card.Version}", card.State.Span));
            }

            after = page[^1].Key.Value;
            cards += page.Count;
            progress?.Report(read += page.Count);
        }

        long claims = 0;
        var claimSum = new byte[SHA256.HashSizeInBytes];
        for (var (page, after) = (await source.ReadClaimsAsync(string.Empty, PageRows, cancellationToken), string.Empty); page.Count > 0; page = await source.ReadClaimsAsync(after, PageRows, cancellationToken))
        {
            foreach (var claim in page)
            {
                Add(claimSum, rows.Of($"{claim.Key}\n{claim.Position}", []));
            }

            after = page[^1].Key;
            claims += page.Count;
            progress?.Report(read += page.Count);
        }

        return new LedgerDigest(entries, cards, claims, Convert.ToHexStringLower(SHA256.HashData([.. entryHash.GetHashAndReset(), .. cardSum, .. claimSum])));
    }

    private static void Add(byte[] sum, ReadOnlySpan<byte> hash)
    {
        for (var i = 0; i < sum.Length; i += sizeof(ulong))
        {
            var added = BinaryPrimitives.ReadUInt64LittleEndian(sum.AsSpan(i)) + BinaryPrimitives.ReadUInt64LittleEndian(hash[i..]);
            BinaryPrimitives.WriteUInt64LittleEndian(sum.AsSpan(i), added);
        }
    }

    /// <summary>Hashes rows one by one.</summary>
    private sealed class Rows
    {
        private readonly byte[] hash = new byte[SHA256.HashSizeInBytes];

        public ReadOnlySpan<byte> Of(string facts, ReadOnlySpan<byte> content)
        {
            // The length keeps facts and content apart.
            SHA256.HashData([.. BitConverter.GetBytes(facts.Length), .. Encoding.UTF8.GetBytes(facts), .. content], hash);
            return hash;
        }
    }
}
