using System.Reflection;
using System.Runtime.Loader;
using EventCalls.Media.Dtls;
using EventCalls.Media.Srtp;

namespace EventCalls.Media.Tests.Dtls;

/// <summary>Which libraries a process loads for what it does.</summary>
public class LoadedLibraryTests
{
    [Fact]
    public void Before_the_first_handshake_nothing_of_the_library_of_DTLS_is_loaded()
    {
        var asked = new List<string>();
        var context = new Apart(asked);
        Assembly media = context.LoadFromAssemblyPath(typeof(DtlsSession).Assembly.Location);
        object identity = Call(media, typeof(DtlsIdentity), nameof(DtlsIdentity.Create), TimeProvider.System)!;
        Assert.StartsWith("sha-256", identity.GetType().GetProperty(nameof(DtlsIdentity.Fingerprint))!.GetValue(identity)!.ToString());
        object suite = Call(media, typeof(SrtpSuite), nameof(SrtpSuite.OfDtlsProfile), 1)!;
        object attribute = Call(media, typeof(CryptoAttribute), nameof(CryptoAttribute.Fresh), 1, suite)!;
        object key = attribute.GetType().GetProperty(nameof(CryptoAttribute.Key))!.GetValue(attribute)!;
        Assert.NotNull(Activator.CreateInstance(In(media, typeof(SrtpContext)), key));

        // A session that waits for its peer, and never hears of it.
        Array none = Array.CreateInstance(In(media, typeof(DtlsFingerprint)), 0);
        Array suites = Array.CreateInstance(In(media, typeof(SrtpSuite)), 0);
        object task = Activator.CreateInstance(In(media, typeof(DtlsTask)), null, identity, none, Enum.ToObject(In(media, typeof(DtlsRole)), (int)DtlsRole.Server), suites)!;
        object workers = Activator.CreateInstance(In(media, typeof(DtlsWorkers)), 1, 1)!;
        object session = Activator.CreateInstance(In(media, typeof(DtlsSession)), task, workers, TimeProvider.System)!;
        session.GetType().GetMethod(nameof(DtlsSession.Start))!.Invoke(session, [TimeSpan.FromMinutes(1)]);
        ((IDisposable)session).Dispose();
        Assert.DoesNotContain(asked, name => name.StartsWith("BouncyCastle", StringComparison.Ordinal));

        // And the handshake does ask for it, so that the test would see it.
        Assert.ThrowsAny<Exception>(() => Call(media, typeof(DtlsHandshake), nameof(DtlsHandshake.Run), task, Activator.CreateInstance(In(media, typeof(DtlsInbox)), workers, TimeProvider.System)!));
        Assert.Contains("BouncyCastle.Cryptography", asked);
    }

    private static Type In(Assembly media, Type type) => media.GetType(type.FullName!, throwOnError: true)!;

    private static object? Call(Assembly media, Type type, string method, params object[] arguments) =>
        In(media, type).GetMethod(method, BindingFlags.Public | BindingFlags.Static)!.Invoke(null, arguments);

    /// <summary>Notes what is asked for, and refuses the library, so that nothing hides.</summary>
    private sealed class Apart(List<string> asked) : AssemblyLoadContext("apart")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            asked.Add(assemblyName.Name!);
            return assemblyName.Name == "BouncyCastle.Cryptography" ? throw new FileNotFoundException(assemblyName.Name) : null;
        }
    }
}
