using System.Runtime.ExceptionServices;
using System.Text;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>One Contact of ours at a registrar: registered, refreshed in time, tried again when that fails, and removed (RFC 3261 §10.2).</summary>
/// <remarks>On the shard's thread. It knows no servers: its user gives the hop of each try.</remarks>
public sealed partial class Registration : IClientTransactionUser
{
    private readonly UserAgent _agent;
    private readonly RegistrationOptions _options;
    private readonly IRegistrationUser _user;
    private readonly Authorizations? _authorizations;
    private readonly Clock _clock;
    private readonly byte[] _callId;
    private readonly byte[] _tag;
    private readonly string _contactUser;
    private readonly bool _isSecure;
    private AuthorizationTries _tries;
    private ClientTransaction? _transaction;
    private Hop? _hop;
    private string _contact = "";
    private uint _cseq;
    private int _expires;
    private int _failures;
    private long _until;
    private bool _wasTooBrief;
    private bool _isLeaving;
    private bool _isRemoval;

    /// <summary>A registration that is not asked for yet.</summary>
    /// <exception cref="ArgumentException">The address of record is no sip or sips URI with a user.</exception>
    public Registration(UserAgent agent, RegistrationOptions options, IRegistrationUser user)
    {
        if (!SipUri.TryParse(Encoding.UTF8.GetBytes(options.AddressOfRecord), out var aor) || aor.User.IsEmpty)
            throw new ArgumentException("Expected a URI with a user.", nameof(options));
        _agent = agent;
        _options = options;
        _user = user;
        _contactUser = SipText.Get(aor.User);
        _isSecure = aor.Scheme == UriScheme.Sips || options.RegistrarUri.StartsWith("sips:", StringComparison.OrdinalIgnoreCase);
        _expires = options.ExpiresSeconds;
        _authorizations = options.Credentials is { } credentials ? new Authorizations(credentials, agent.Random) : null;
        _clock = new Clock(this);
        // One Call-ID for as long as the process runs (§10.2).
        _callId = new byte[IdSource.TokenLength];
        agent.Table.Ids.Next(_callId);
        _tag = new byte[IdSource.TokenLength];
        agent.Table.Ids.Next(_tag);
    }

    /// <summary>Whether the registrar has our Contact, as far as it has said.</summary>
    public bool IsRegistered => _until > _agent.Now;

    /// <summary>Begins: it is due at once.</summary>
    public void Start() => _user.OnDue();

    /// <summary>Registers by this hop.</summary>
    /// <param name="hop">A server of the registrar.</param>
    /// <param name="patienceMs">For how long it may say nothing, milliseconds; null for as long as the transaction lasts.</param>
    public void Try(Hop hop, long? patienceMs = null)
    {
        if (_isLeaving || _transaction is not null)
            return;
        _hop = hop;
        _wasTooBrief = false;
        if (patienceMs is { } patience)
            _agent.Wheel.Schedule(_clock, patience);
        else
            _agent.Wheel.Cancel(_clock);
        Begin(isRemoval: false);
    }

    /// <summary>Nobody can be asked: no server was found, or none can be reached from here.</summary>
    public void Fail(RegistrationFailure failure)
    {
        if (!_isLeaving && _transaction is null)
            End(failure);
    }

    /// <summary>Takes our Contact back, once what was asked before is answered, as the RFC wants it (§10.2, §10.2.2).</summary>
    public void Remove()
    {
        if (_isLeaving)
            return;
        _isLeaving = true;
        if (_transaction is null)
            Leave();
    }

    bool IClientTransactionUser.EndsUnreachable => true;

    void IClientTransactionUser.OnResponse(ClientTransaction transaction, SipMessage response)
    {
        if (transaction != _transaction)
            return;
        int status = response.StatusCode;
        // It is there: how long it may take from now on is the transaction's affair.
        _agent.Wheel.Cancel(_clock);
        if (status < 200)
            return;
        _transaction = null;
        if (status is 401 or 407 && _isLeaving == _isRemoval && _authorizations?.Take(response, ref _tries) == true)
            Send();
        else if (status == 423 && !_isLeaving && AsksForLonger(response))
            Send();
        else if (_isRemoval)
            End();
        else if (status < 300)
            Take(response);
        else
            End(RegistrationFailure.Of(response));
    }

    void IClientTransactionUser.OnNoResponse(ClientTransaction transaction, NoResponse why)
    {
        if (transaction == _transaction)
            End(new RegistrationFailure(null, why switch
            {
                NoResponse.Timeout => "it does not answer",
                NoResponse.Unreachable => "it is unreachable (ICMP)",
                _ => _hop?.WhyClosed ?? "it cannot be reached",
            }));
    }

    void IClientTransactionUser.OnFault(ClientTransaction transaction, Exception e) => ExceptionDispatchInfo.Throw(e);

    /// <summary>A try is over, in vain.</summary>
    private void End(RegistrationFailure failure)
    {
        _transaction?.Terminate();
        _transaction = null;
        _agent.Wheel.Cancel(_clock);
        if (_isRemoval)
        {
            End();
            return;
        }
        if (_isLeaving)
        {
            Leave();
            return;
        }
        _user.OnFailed(failure);
        if (_transaction is null && !_clock.IsScheduled && !_isLeaving)
            Pause(failure);
    }

    private void Leave()
    {
        _agent.Wheel.Cancel(_clock);
        if (!IsRegistered || _hop is null)
        {
            End();
            return;
        }
        if (_hop.IsClosed)
            _hop = _agent.Output.HopTo(_hop.Protocol, _hop.Remote, _hop) ?? _hop;
        Begin(isRemoval: true);
    }

    private void End()
    {
        _until = 0;
        _user.OnRemoved();
    }

    /// <summary>When it is due; while a server is asked, how long that may say nothing.</summary>
    private sealed class Clock(Registration registration) : WheelTimer
    {
        protected internal override void Fire()
        {
            if (registration._transaction is null)
                registration._user.OnDue();
            else
                registration.End(new RegistrationFailure(null, "it does not answer"));
        }
    }
}
