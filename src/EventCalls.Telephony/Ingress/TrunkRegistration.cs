using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Resolving;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Trunks;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Ingress;

/// <summary>The registration with one trunk: finds the registrar's servers, goes to the next one when one fails, and says what changes.</summary>
/// <remarks>On the thread of one shard, but for <see cref="Describe"/> and <see cref="IsRemoved"/>.</remarks>
internal sealed class TrunkRegistration(CallShard shard, Trunk trunk) : IRegistrationUser
{
    private readonly TrunkRegistrar _registrar = trunk.Registrar!;
    private readonly Queue<ServerAddress> _next = new();
    private Registration? _registration;
    private ServerAddress? _asked;
    private ServerAddress? _stayAt;
    private volatile State _state = new(null, default, "it was not asked yet", shard.Time.GetUtcNow());
    private volatile bool _isRemoved;

    /// <summary>Whether it was taken back, or nobody could be told. From any thread.</summary>
    public bool IsRemoved => _isRemoved;

    /// <summary>Whom it is with.</summary>
    public Trunk Trunk => trunk;

    /// <summary>How it is. From any thread.</summary>
    public RegistrationReport Report()
    {
        var (server, until, why, _) = _state;
        return new RegistrationReport(until > shard.Time.GetUtcNow(), server?.ToString(), until == default ? null : until, why);
    }

    /// <summary>How it is, one sentence. From any thread.</summary>
    public string Describe()
    {
        var (server, until, why, since) = _state;
        if (until <= shard.Time.GetUtcNow())
            return $"{trunk.Name} is not registered since {UtcTime.Seconds(until == default ? since : until)}: {why ?? "it is being refreshed"}.";
        string text = $"{trunk.Name} is registered at {server} until {UtcTime.Seconds(until)}";
        return why is null ? $"{text}." : $"{text}, and could not be refreshed: {why}.";
    }

    /// <summary>Begins to register.</summary>
    public void Start()
    {
        _registration = new Registration(shard.Agent, _registrar.Registration, this);
        _registration.Start();
    }

    /// <summary>Takes it back.</summary>
    public void Remove()
    {
        if (_registration is null)
            _isRemoved = true;
        else
            _registration.Remove();
    }

    void IRegistrationUser.OnDue()
    {
        _next.Clear();
        _asked = null;
        if (_registrar.Address.EndPoint is { } endPoint)
            Ask([new ServerAddress(_registrar.Address.Protocol, endPoint)]);
        else
            shard.Resolver.Resolve(_registrar.Address.Query!, Take);
    }

    void IRegistrationUser.OnRegistered(int seconds)
    {
        var before = _state;
        var now = shard.Time.GetUtcNow();
        bool isNew = before.Why is not null || before.Server != _asked;
        shard.Servers.Answered(_asked!.Value);
        _stayAt = _asked;
        _state = new State(_asked, now.AddSeconds(seconds), null, isNew ? now : before.Since);
        if (isNew)
            shard.Logger.LogInformation("The trunk {Trunk} is registered as {AddressOfRecord} at {Server} until {Until}, and is refreshed before", trunk.Name, AddressOfRecord, _asked, UtcTime.Seconds(_state.Until));
    }

    void IRegistrationUser.OnFailed(RegistrationFailure failure)
    {
        if (failure.IsOfServer && _asked is { } server)
        {
            // What else a server cannot do with a REGISTER says nothing of calls, which go to it perhaps.
            if (failure.Status is null or 408 or 503)
                shard.Servers.Failed(server, failure.RetryAfterSeconds);
            _stayAt = null;
            if (TryNext())
                return;
        }
        Say(failure.Why);
    }

    void IRegistrationUser.OnRemoved()
    {
        _isRemoved = true;
        _state = new State(null, default, "the node stops", shard.Time.GetUtcNow());
    }

    private void Say(string why)
    {
        var before = _state;
        var now = shard.Time.GetUtcNow();
        bool isRegistered = _registration!.IsRegistered;
        bool isLost = !isRegistered && before.Until != default;
        _state = new State(before.Server, isRegistered ? before.Until : default, why, isLost || before.Why is null ? now : before.Since);
        if (why == before.Why && !isLost)
            return;
        if (isRegistered)
            shard.Logger.LogWarning("The registration of the trunk {Trunk} could not be refreshed at {Server}: {Why}; it lasts until {Until}, and is tried again", trunk.Name, Asked, why, UtcTime.Seconds(before.Until));
        else
            shard.Logger.LogWarning("The trunk {Trunk} is not registered at {Server}: {Why}; it is tried again, and calls for {AddressOfRecord} do not come here", trunk.Name, Asked, why, AddressOfRecord);
    }

    private string Asked => _asked?.ToString() ?? _registrar.Registration.RegistrarUri;

    private string AddressOfRecord => _registrar.Registration.AddressOfRecord;

    private void Take(FoundServers found)
    {
        if (found.WhyNone is { } why)
            _registration!.Fail(new RegistrationFailure(null, $"no server was found ({why})"));
        else
            Ask(shard.Servers.Of(found, shard.Agent.Random).Take(HostResolver.MostServersOfName));
    }

    private void Ask(IEnumerable<ServerAddress> servers)
    {
        // Not every registrar tells its neighbours: a refresh goes where the registration is.
        foreach (var server in servers.OrderBy(s => s != _stayAt))
            _next.Enqueue(server);
        if (!TryNext())
            _registration!.Fail(new RegistrationFailure(null, "there is no listener to reach it from (Sip:Listen)"));
    }

    private bool TryNext()
    {
        while (_next.TryDequeue(out var server))
        {
            if (shard.Output.HopTo(server.Protocol, server.EndPoint, _registrar.Address.Name) is not { } hop)
                continue;
            _asked = server;
            // Silence is waited for to the end only where nothing else is left to try.
            _registration!.Try(hop, _next.Count > 0 ? shard.Options.NoResponseTimeoutMs : null);
            return true;
        }
        return false;
    }

    /// <param name="Server">Where it was registered last; null for nowhere.</param>
    /// <param name="Until">Until when, UTC; the default for not at all.</param>
    /// <param name="Why">Why it could not be registered, or refreshed; null when it could.</param>
    /// <param name="Since">Since when it is so, UTC.</param>
    private sealed record State(ServerAddress? Server, DateTimeOffset Until, string? Why, DateTimeOffset Since);
}
