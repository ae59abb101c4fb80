using System.Globalization;
using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <content>The requests (RFC 3261 §10.2).</content>
public sealed partial class Registration
{
    private void Begin(bool isRemoval)
    {
        _isRemoval = isRemoval;
        _tries = default;
        Send();
    }

    private void Send()
    {
        var hop = _hop!;
        var table = _agent.Table;
        Span<byte> branch = stackalloc byte[IdSource.TokenLength];
        ulong id = table.Ids.Next(branch);
        _contact = ContactOf(hop);
        var writer = table.Writer;
        writer.Reset();
        writer.Request(SipMethod.Register, _options.RegistrarUri);
        writer.Raw(hop.ViaPrefix);
        writer.Raw(IdSource.Cookie);
        writer.Raw(branch);
        writer.Crlf();
        writer.Header(HeaderId.MaxForwards, 70);
        writer.Header(HeaderId.From, $"<{_options.AddressOfRecord}>;tag={SipText.Get(_tag)}");
        writer.Header(HeaderId.To, $"<{_options.AddressOfRecord}>");
        writer.Header(HeaderId.CallId, _callId);
        writer.Header(HeaderId.CSeq, string.Create(CultureInfo.InvariantCulture, $"{++_cseq} REGISTER"));
        writer.Header(HeaderId.Contact, $"<{_contact}>");
        writer.Header(HeaderId.Expires, _isRemoval ? 0 : _expires);
        writer.Raw(_agent.UserAgentLine);
        UserAgent.Write(writer, _authorizations?.Of(SipMethod.Register, Encoding.UTF8.GetBytes(_options.RegistrarUri)));
        writer.NoBody();
        _transaction = table.Add<ClientTransaction>(new NonInviteClientTransaction(table, id, SipMethod.Register, hop, this));
        _transaction.Start(writer.Written);
    }

    /// <summary>The URI that we are reached at by this hop, with the user that was registered.</summary>
    private string ContactOf(Hop hop)
    {
        var line = _isSecure ? hop.SecureContactLine : hop.ContactLine;
        string bare = SipText.Get(line.AsSpan("Contact: <".Length..^">\r\n".Length));
        return bare.Insert(bare.IndexOf(':', StringComparison.Ordinal) + 1, _contactUser + "@");
    }
}
