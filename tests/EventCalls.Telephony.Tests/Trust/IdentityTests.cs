using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Testing.Logging;
using EventCalls.Testing.Sip;

namespace EventCalls.Telephony.Tests.Trust;

/// <summary>Who vouches for a caller: Identity headers, checked with certificates that are configured.</summary>
public sealed class IdentityTests : EdgeTest, IDisposable
{
    private readonly TestAuthority _authority;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-identity-");
    private readonly TestSigner _carrier;

    public IdentityTests()
    {
        _authority = new TestAuthority(Time);
        _carrier = Signer("shaken");
        Options = Options with { Identity = new IdentityOptions { Certificates = _folder.FullName, Authorities = _authority.AuthorityFile } };
    }

    private DateTimeOffset Now => Time.GetUtcNow();

    private TestSigner Signer(string name) => new(_folder.FullName, _authority.Make(name), $"cr.example.com/{name}.pem");

    private void Require() => Options = Options with { Trunks = [.. Options.Trunks.Select(t => t with { RequiresIdentity = true })] };

    private string Checked(params string[] identity) => Checked([], identity);

    private string Checked(HeaderLine[] others, params string[] identity)
    {
        CallIn(headers: [.. others, .. identity.Select(i => new HeaderLine("Identity", i))]);
        return string.Join(", ", Started.Identity ?? []);
    }

    [Fact]
    [Trait("RFC", "8224 §6.2, 8588 §7")]
    public void Who_is_vouched_for_by_whom_we_trust_is_valid_and_the_verdict_is_recorded()
    {
        Assert.Equal("shaken valid", Checked(_carrier.Shaken(Now)));
        Assert.Equal(IdentityVerdict.Valid, IdentityCheck.Of(Started.Identity));
    }

    [Fact]
    public void Without_the_header_nothing_is_recorded_and_without_certificates_neither()
    {
        Assert.Equal("", Checked());
        Assert.Null(Started.Identity);
        Assert.Equal(IdentityVerdict.Unchecked, IdentityCheck.Of(Started.Identity));
    }

    [Fact]
    public void What_nobody_is_configured_to_check_is_passed_on_as_before()
    {
        Options = Options with { Identity = new IdentityOptions() };
        Checked(_carrier.Shaken(Now));
        Assert.Null(Started.Identity);
        Assert.Contains(Started.Headers, h => h.Name == "Identity");
    }

    [Theory]
    [InlineData(59, "shaken valid")]
    [InlineData(61, "shaken invalid (stale)")]
    [InlineData(-60, "shaken valid")]
    [InlineData(-61, "shaken invalid (stale)")]
    [Trait("RFC", "8224 §6.2")]
    public void A_signature_is_fresh_for_a_minute(int seconds, string verdict)
    {
        // The INVITE comes in a moment after it was sent.
        Assert.Equal(verdict, Checked(_carrier.Shaken(Now.AddSeconds(-seconds))));
    }

    [Fact]
    [Trait("RFC", "8224 §6.2")]
    public void A_signature_for_another_caller_or_another_number_is_not_for_this_call()
    {
        Assert.Equal("shaken invalid (other_caller)", Checked(_carrier.Shaken(Now, caller: "15551234568")));
        Assert.Equal("shaken invalid (other_callee)", Checked(_carrier.Shaken(Now, called: "15557654322")));
    }

    [Fact]
    [Trait("RFC", "8224 §8.3")]
    public void Numbers_are_compared_by_their_digits_and_an_asserted_caller_counts_before_From()
    {
        var asserted = new HeaderLine("P-Asserted-Identity", "\"Alice\" <sip:+1.555.000.1111@10.0.0.2;user=phone>");
        Assert.Equal("shaken valid", Checked([asserted], _carrier.Shaken(Now, caller: "15550001111")));
        Assert.Equal("shaken invalid (other_caller)", Checked([asserted], _carrier.Shaken(Now)));
    }

    [Fact]
    [Trait("RFC", "8224 §8.5")]
    public void Who_has_no_number_is_compared_by_name_and_host()
    {
        var asserted = new HeaderLine("P-Asserted-Identity", "<sip:alice@Example.COM;transport=tcp>");
        string claims = $$$"""{"dest":{"tn":["15557654321"]},"iat":{{{Now.ToUnixTimeSeconds()}}},"orig":{"uri":"sip:alice@example.com"}}""";
        Assert.Equal("valid", Checked([asserted], _carrier.Header(null, claims)));
        Assert.Equal("invalid (other_caller)", Checked([asserted], _carrier.Header(null, claims.Replace("alice", "bob", StringComparison.Ordinal))));
    }

    [Fact]
    [Trait("RFC", "8224 §4.1, 8225 §6")]
    public void A_changed_word_breaks_the_signature()
    {
        string header = _carrier.Shaken(Now, attestation: "C");
        string forged = _carrier.Shaken(Now, attestation: "A");
        var (own, other) = (header.Split('.'), forged.Split('.'));
        Assert.Equal("shaken invalid (wrong_signature)", Checked(string.Join('.', [other[0], other[1], .. own[2..]])));
        Assert.Equal("shaken invalid (wrong_signature)", Checked(string.Join('.', [own[0], own[1], "AAAA" + own[2][4..], .. own[3..]])));
        Assert.Equal("shaken invalid (wrong_signature)", Checked(string.Join('.', [own[0], own[1], "AA;" + own[2].Split(';', 2)[1], .. own[3..]])));
    }

    [Theory]
    [InlineData(";alg=ES256", ";alg=RS256")]
    [InlineData(";ppt=\"shaken\"", ";ppt=div")]
    [InlineData(";ppt=\"shaken\"", "")]
    [InlineData("info=<https://cr.example.com/shaken.pem>", "info=<https://cr.example.com/other.pem>")]
    [Trait("RFC", "8224 §6.2")]
    public void Parameters_that_say_something_else_than_the_token_make_it_invalid(string from, string to)
    {
        Signer("other");
        Assert.Equal("shaken invalid (parameters_differ)", Checked(_carrier.Shaken(Now).Replace(from, to, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("shaken", """{"dest":{"tn":["15557654321"]},"iat":AT,"orig":{"tn":"15551234567"},"origid":"x"}""", "shaken invalid (malformed)")]
    [InlineData("shaken", """{"attest":"D","dest":{"tn":["15557654321"]},"iat":AT,"orig":{"tn":"15551234567"},"origid":"x"}""", "shaken invalid (malformed)")]
    [InlineData("shaken", """{"attest":"A","dest":{"tn":["15557654321"]},"iat":AT,"orig":{"tn":["15551234567","15550000000"]},"origid":"x"}""", "shaken invalid (malformed)")]
    [InlineData("div", """{"dest":{"tn":["15557654321"]},"iat":AT,"orig":{"tn":"15551234567"}}""", "div invalid (malformed)")]
    [InlineData("rph", """{"dest":{"tn":["15557654321"]},"iat":AT,"orig":{"tn":"15551234567"}}""", "rph unchecked (unknown_kind)")]
    [InlineData(null, """{"dest":{"tn":["15557654321"]},"orig":{"tn":"15551234567"}}""", "invalid (malformed)")]
    [Trait("RFC", "8588 §7, 8946 §4")]
    public void What_a_kind_must_say_must_be_there(string? kind, string claims, string verdict) =>
        Assert.Equal(verdict, Checked(_carrier.Header(kind, claims.Replace("AT", $"{Now.ToUnixTimeSeconds()}", StringComparison.Ordinal))));

    [Fact]
    public void What_is_no_token_at_all_is_malformed_and_each_header_has_its_verdict()
    {
        Assert.Equal("invalid (malformed), shaken valid, invalid (malformed)", Checked("nonsense", _carrier.Shaken(Now), ";;=;info="));
        Assert.Equal(IdentityVerdict.Valid, IdentityCheck.Of(Started.Identity));
    }

    [Fact]
    public void Only_the_first_eight_are_checked()
    {
        Checked([.. Enumerable.Repeat(_carrier.Shaken(Now, called: "1"), 8), _carrier.Shaken(Now)]);
        Assert.Equal("unchecked (too_many)", Started.Identity![^1].ToString());
        Assert.Equal(IdentityVerdict.Invalid, IdentityCheck.Of(Started.Identity));
    }

    [Fact]
    [Trait("RFC", "8224 §7")]
    public void The_compact_form_is_put_together_of_the_INVITE()
    {
        var date = new HeaderLine("Date", Now.ToString("r"));
        Assert.Equal("valid", Checked([date], _carrier.Compact(Now)));
        Assert.Equal("invalid (wrong_signature)", Checked([date], _carrier.Compact(Now, caller: "15550000000")));
        Assert.Equal("invalid (malformed)", Checked(_carrier.Compact(Now)));
    }

    [Fact]
    public void A_certificate_that_is_not_there_leaves_it_unchecked_and_nothing_is_fetched()
    {
        var stranger = new TestSigner(null, _authority.Make("stranger"), "127.0.0.1/stranger.pem");
        Assert.Equal("shaken unchecked (unknown_certificate)", Checked(stranger.Shaken(Now)));
        var climbing = new TestSigner(null, _authority.Make("climbing"), "cr.example.com/../../authority.pem");
        Assert.Equal("shaken unchecked (unknown_certificate)", Checked(climbing.Shaken(Now)));
    }

    [Fact]
    [Trait("RFC", "8224 §6.2")]
    public void A_certificate_of_another_authority_is_not_trusted_unless_the_folder_is()
    {
        using var other = new TestAuthority(Time);
        var signer = new TestSigner(_folder.FullName, other.Make("foreign"), "cr.example.net/a.pem");
        Assert.Equal("shaken invalid (untrusted_certificate)", Checked(signer.Shaken(Now)));
    }

    [Fact]
    public void Without_authorities_what_is_in_the_folder_is_trusted_as_long_as_it_is_valid()
    {
        using var other = new TestAuthority(Time);
        var signer = new TestSigner(_folder.FullName, other.Make("foreign"), "cr.example.net/a.pem");
        Options = Options with { Identity = Options.Identity with { Authorities = null } };
        Assert.Equal("shaken valid", Checked(signer.Shaken(Now)));
        Run((long)TimeSpan.FromDays(2).TotalMilliseconds);
        Assert.Equal("shaken invalid (untrusted_certificate)", Checked(signer.Shaken(Now)));
    }

    [Fact]
    public void A_key_of_another_kind_signs_nothing()
    {
        var signer = new TestSigner(null, _authority.Make("lost"), "cr.example.com/rsa.pem");
        File.Copy(_authority.MakeRsa("rsa"), Path.Combine(_folder.FullName, "cr.example.com", "rsa.pem"));
        Assert.Equal("shaken invalid (untrusted_certificate)", Checked(signer.Shaken(Now)));
    }

    [Fact]
    public void A_certificate_that_is_put_into_the_folder_is_used_without_a_restart()
    {
        Assert.Equal("shaken valid", Checked(_carrier.Shaken(Now)));
        var later = Signer("later");
        Directory.SetLastWriteTimeUtc(Path.Combine(_folder.FullName, "cr.example.com"), DateTimeOffset.UtcNow.UtcDateTime.AddMinutes(1));
        Run(2_000);
        Assert.Equal("shaken valid", Checked(later.Shaken(Now)));
    }

    [Theory]
    [InlineData(false, "15551234567", 1, "shaken valid")]
    [InlineData(false, "15551234500", 100, "shaken valid")]
    [InlineData(false, "15551234500", 67, "shaken invalid (untrusted_certificate)")]
    [InlineData(false, "15550000000", 1, "shaken invalid (untrusted_certificate)")]
    [InlineData(true, "1234", 1, "shaken valid")]
    [Trait("RFC", "8226 §9")]
    public void A_certificate_signs_for_its_own_numbers_only(bool isProvider, string first, int count, string verdict)
    {
        var signer = new TestSigner(_folder.FullName, _authority.MakeWith("numbers", Numbers(isProvider, first, count)), "cr.example.com/numbers.pem");
        Assert.Equal(verdict, Checked(signer.Shaken(Now)));
    }

    [Fact]
    [Trait("RFC", "8946 §5")]
    public void A_diverted_call_is_followed_back_to_the_number_that_was_dialled()
    {
        string dialled = _carrier.Shaken(Now, called: "15550009999");
        Assert.Equal("shaken valid, div valid", Checked(dialled, _carrier.Div(Now, from: "15550009999")));
        Assert.Equal("div valid, shaken valid, div valid", Checked(_carrier.Div(Now, from: "15550008888"), dialled, _carrier.Div(Now, from: "15550009999", called: "15550008888")));
        Assert.Equal("shaken invalid (other_callee), div invalid (not_diverted)", Checked(dialled, _carrier.Div(Now, from: "15550007777")));
        Assert.Equal("div invalid (not_diverted)", Checked(_carrier.Div(Now, from: "15550009999")));
        Assert.Equal("shaken invalid (other_callee), div invalid (other_callee)", Checked(dialled, _carrier.Div(Now, from: "15550009999", called: "15551111111")));
    }

    [Fact]
    [Trait("RFC", "8946 §5")]
    public void Two_diversions_that_point_at_each_other_vouch_for_nobody()
    {
        Require();
        CallIn(headers: [.. new[] { _carrier.Div(Now, from: "15557654321"), _carrier.Div(Now, from: "15557654321", called: "15557654321") }.Select(i => new HeaderLine("Identity", i))]);
        Assert.Equal("428", Caller.Log[^1]);
    }

    [Theory]
    [InlineData("none", "428", "Use Identity Header")]
    [InlineData("rph", "428", "Use Identity Header")]
    [InlineData("stale", "403", "Stale Date")]
    [InlineData("unknown", "436", "Bad Identity Info")]
    [InlineData("untrusted", "437", "Unsupported Credential")]
    [InlineData("forged", "438", "Invalid Identity Header")]
    [InlineData("good", null, null)]
    [InlineData("good and forged", null, null)]
    [Trait("RFC", "8224 §6.2.2")]
    public void A_trunk_that_must_vouch_for_its_callers_is_told_what_is_wrong(string what, string? status, string? phrase)
    {
        var log = new RecordingLogger();
        Logger = log;
        Require();
        using var other = new TestAuthority(Time);
        string forged = _carrier.Shaken(Now, caller: "15550000000");
        string[] identity = what switch
        {
            "none" => [],
            "rph" => [_carrier.Header("rph", "{}")],
            "stale" => [_carrier.Shaken(Now.AddMinutes(-2))],
            "unknown" => [new TestSigner(null, _authority.Make("unknown"), "cr.example.com/unknown.pem").Shaken(Now)],
            "untrusted" => [new TestSigner(_folder.FullName, other.Make("foreign"), "cr.example.net/a.pem").Shaken(Now)],
            "forged" => [forged],
            "good" => [_carrier.Shaken(Now)],
            _ => [forged, _carrier.Shaken(Now)],
        };
        CallIn(headers: [.. identity.Select(i => new HeaderLine("Identity", i))]);
        if (status is null)
        {
            Assert.Single(Journal.Events);
            return;
        }
        Assert.Equal(status, Caller.Log[^1]);
        Assert.Contains($"SIP/2.0 {status} {phrase}", Network.Log.Last(s => s.To.Equals(Caller.Host.EndPoint)).Text, StringComparison.Ordinal);
        Assert.Empty(Journal.Events);
        Assert.Contains("Trunks:carrier:CheckedIdentity", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Trunks:carrier:CheckedIdentity", null, null, true)]
    [InlineData("Sip:Identity:Authorities", null, "authority", false)]
    [InlineData("Sip:Identity:Certificates", "missing", null, false)]
    [InlineData("Sip:Identity:Certificates", "folder", "authority", false)]
    [InlineData("Sip:Identity:Authorities", "folder", "missing", false)]
    [InlineData("Sip:Identity:FreshSeconds", null, null, false)]
    public void A_wrong_setting_is_named_before_anything_is_opened(string key, string? folder, string? authorities, bool requires)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "cr.example.com", "notes.txt"), "no certificate");
        if (requires)
            Require();
        var options = Options with
        {
            Identity = new IdentityOptions
            {
                Certificates = folder switch { "folder" => _folder.FullName, null => null, _ => Path.Combine(_folder.FullName, "nowhere") },
                Authorities = authorities switch { "authority" => _authority.AuthorityFile, null => null, _ => Path.Combine(_folder.FullName, "nowhere") },
                FreshSeconds = key.EndsWith("FreshSeconds", StringComparison.Ordinal) ? 0 : 60,
            },
        };
        Assert.Equal(key, Assert.Throws<TelephonyOptionsException>(() => Telephony.Ingress.TelephonyCheck.Run(options)).Key);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static X509Extension Numbers(bool isProvider, string first, int count)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, isProvider ? 0 : count == 1 ? 2 : 1, true)))
        {
            if (isProvider || count == 1)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, first);
            }
            else
            {
                using (writer.PushSequence())
                {
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, first);
                    writer.WriteInteger(count);
                }
            }
        }
        return new X509Extension("1.3.6.1.5.5.7.1.26", writer.Encode(), critical: false);
    }
}
