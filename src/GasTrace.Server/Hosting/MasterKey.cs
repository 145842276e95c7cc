using System.Security.Cryptography;
using GasTrace.Ledger.Storage;

namespace GasTrace.Server.Hosting;

/// <summary>The key that terminals' keys are derived from. Whoever holds it can sign permits.</summary>
public static class MasterKey
{
    /// <summary>Bytes of the key.</summary>
    public const int Bytes = 32;

    /// <summary>The key of a data folder, made at first use and readable by its owner only.</summary>
    /// <exception cref="StoreStartException">The file does not hold a key.</exception>
    public static byte[] Of(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "master.key");
        if (!File.Exists(path))
        {
            var ownerOnly = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                ownerOnly.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new FileStream(path, ownerOnly);
            file.Write(RandomNumberGenerator.GetBytes(Bytes));
            file.Flush(flushToDisk: true);
        }

        var key = File.ReadAllBytes(path);
        return key.Length == Bytes ? key : throw new StoreStartException(new($"'{path}' 为 {key.Length} 字节；主密钥须为 {Bytes} 字节。", $"'{path}' holds {key.Length} bytes; a master key has {Bytes}."));
    }
}
