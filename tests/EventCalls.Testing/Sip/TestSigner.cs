using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EventCalls.Testing.Sip;

/// <summary>Somebody who vouches for callers: signs PASSporTs, and puts the certificate where a node looks for it.</summary>
public sealed class TestSigner
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <param name="folder">The node's folder of certificates; null: the node is not given it.</param>
    /// <param name="pem">The file with certificate and key.</param>
    /// <param name="path">Where the certificate is, behind <c>https://</c>.</param>
    public TestSigner(string? folder, string pem, string path = "cr.example.com/shaken.pem")
    {
        Info = $"https://{path}";
        _key.ImportFromPem(File.ReadAllText(pem));
        if (folder is null)
            return;
        string file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Copy(pem, file, overwrite: true);
    }

    /// <summary>The address of the certificate.</summary>
    public string Info { get; }

    /// <summary>The value of an Identity header: <c>shaken</c>.</summary>
    public string Shaken(DateTimeOffset at, string caller = "15551234567", string called = "15557654321", string attestation = "A") => Header(
        "shaken",
        $$$"""{"attest":"{{{attestation}}}","dest":{"tn":["{{{called}}}"]},"iat":{{{at.ToUnixTimeSeconds()}}},"orig":{"tn":"{{{caller}}}"},"origid":"123e4567-e89b-12d3-a456-426655440000"}""");

    /// <summary>The value of an Identity header: <c>div</c>.</summary>
    public string Div(DateTimeOffset at, string from, string called = "15557654321", string caller = "15551234567") =>
        Header("div", $$$"""{"dest":{"tn":["{{{called}}}"]},"div":{"tn":"{{{from}}}"},"iat":{{{at.ToUnixTimeSeconds()}}},"orig":{"tn":"{{{caller}}}"}}""");

    /// <summary>The value of an Identity header with claims as given.</summary>
    public string Header(string? kind, string claims)
    {
        string ppt = kind is null ? "" : $",\"ppt\":\"{kind}\"";
        string signed = $"{Encoded($"{{\"alg\":\"ES256\"{ppt},\"typ\":\"passport\",\"x5u\":\"{Info}\"}}")}.{Encoded(claims)}";
        return $"{signed}.{Signature(signed)};info=<{Info}>;alg=ES256{(kind is null ? "" : $";ppt=\"{kind}\"")}";
    }

    /// <summary>The value of an Identity header in compact form (RFC 8224 §7).</summary>
    public string Compact(DateTimeOffset at, string caller = "15551234567", string called = "15557654321")
    {
        string signed = $"{Encoded($$"""{"alg":"ES256","typ":"passport","x5u":"{{Info}}"}""")}.{Encoded($$$"""{"dest":{"tn":["{{{called}}}"]},"iat":{{{at.ToUnixTimeSeconds()}}},"orig":{"tn":"{{{caller}}}"}}""")}";
        return $"..{Signature(signed)};info=<{Info}>";
    }

    private static string Encoded(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private string Signature(string signed) =>
        Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
}
