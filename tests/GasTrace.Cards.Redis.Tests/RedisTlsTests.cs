using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GasTrace.Ledger.Storage;
using GasTrace.TestServers;

namespace GasTrace.Cards.Redis.Tests;

/// <summary>Redis behind TLS, with a certificate of an authority of one's own.</summary>
public sealed class RedisTlsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gastrace-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_server_is_reached_when_its_authority_is_named_and_not_otherwise()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "There is no redis-server on this machine.");
        MakeCertificates();
        await using var server = new RedisServer("--tls-auth-clients", "no", "--tls-cert-file", FileOf("server.crt"), "--tls-key-file", FileOf("server.key"), "--tls-ca-cert-file", FileOf("ca.crt"));
        await server.StartAsync();
        var options = new RedisOptions(server.Configuration + ",ssl=true,sslHost=redis.test");
        await using var trusting = await RedisLink.ConnectAsync(options with { CertificateAuthorityFile = FileOf("ca.crt") }, TimeProvider.System);
        Assert.True(trusting.IsUp);
        var error = await Assert.ThrowsAsync<StoreStartException>(() => RedisLink.ConnectAsync(options, TimeProvider.System));
        Assert.Contains("certificate of Redis is not trusted", error.Message, StringComparison.Ordinal);
    }

    private string FileOf(string name) => Path.Combine(folder.FullName, name);

    private void MakeCertificates()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var authority = new CertificateRequest("CN=test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, true));
        using var signed = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=redis.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("redis.test");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(signed, now.AddDays(-1), now.AddDays(1), [1, 2, 3]);
        File.WriteAllText(FileOf("ca.crt"), signed.ExportCertificatePem());
        File.WriteAllText(FileOf("server.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(FileOf("server.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
