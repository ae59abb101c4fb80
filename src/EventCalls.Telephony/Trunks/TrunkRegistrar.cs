using System.Globalization;
using System.Text;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Trunks;

/// <summary>Where, and as whom, we register with a trunk.</summary>
internal sealed class TrunkRegistrar
{
    private readonly byte[] _user;

    private TrunkRegistrar(OutboundAddress address, byte[] user, RegistrationOptions registration)
    {
        Address = address;
        _user = user;
        Registration = registration;
    }

    /// <summary>Where the registrar is reached.</summary>
    public OutboundAddress Address { get; }

    /// <summary>What is registered.</summary>
    public RegistrationOptions Registration { get; }

    /// <summary>Whether a request is for the Contact that we have registered.</summary>
    public bool IsAskedFor(SipMessage request) => SipUri.TryParse(request.RequestUri, out var uri) && uri.User.SequenceEqual(_user);

    /// <summary>Of a trunk's options; null when they ask for no registration.</summary>
    /// <exception cref="TelephonyOptionsException">They cannot be used.</exception>
    public static TrunkRegistrar? Of(TrunkOptions trunk, IReadOnlyList<TrunkTarget> targets)
    {
        if (trunk.Register is not { } options)
            return null;
        string key = $"Trunks:{trunk.Name}:Register";
        if (options.AddressOfRecord.Length == 0)
        {
            return options is { Registrar: null, UserName: null, Password: null } ? null
                : throw new TelephonyOptionsException($"{key}:AddressOfRecord", null, "expected whose calls are to come to us, such as sip:alice@example.com");
        }
        byte[] written = Encoding.UTF8.GetBytes(options.AddressOfRecord);
        if (!SipUri.TryParse(written, out var aor) || aor.Scheme is not (UriScheme.Sip or UriScheme.Sips) || aor.User.IsEmpty || !aor.Parameters.IsEmpty || !aor.Headers.IsEmpty)
            throw new TelephonyOptionsException($"{key}:AddressOfRecord", options.AddressOfRecord, "expected a SIP URI with a user and nothing behind the host, such as sip:alice@example.com");
        if (options.Registrar is null && targets.Count == 0)
            throw new TelephonyOptionsException($"{key}:Registrar", null, "expected the registrar's SIP URI, such as sip:registrar.example.com, or To, whose first entry it is then");
        string? whyNot = null;
        var address = targets.Count > 0 ? targets[0].Address : null;
        if (options.Registrar is { } registrar && !OutboundAddress.TryParse(registrar, out address, out whyNot))
            throw new TelephonyOptionsException($"{key}:Registrar", registrar, whyNot!);
        if (options.UserName is null != options.Password is null)
            throw new TelephonyOptionsException($"{key}:{(options.UserName is null ? "UserName" : "Password")}", null, "expected UserName and Password, or neither, which means those of the trunk");
        if (options.ExpiresSeconds is < 10 or > 604_800)
            throw new TelephonyOptionsException($"{key}:ExpiresSeconds", options.ExpiresSeconds.ToString(CultureInfo.InvariantCulture), "expected a number from 10 to 604800");
        string? user = options.UserName ?? trunk.UserName;
        string? password = options.UserName is null ? trunk.Password : options.Password;
        return new TrunkRegistrar(address!, aor.User.ToArray(), new RegistrationOptions
        {
            RegistrarUri = address!.BareUri,
            AddressOfRecord = options.AddressOfRecord,
            Credentials = user is null || password is null ? null : new Credentials(user, password),
            ExpiresSeconds = options.ExpiresSeconds,
        });
    }
}
