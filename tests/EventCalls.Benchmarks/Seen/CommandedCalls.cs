using System.Diagnostics;
using System.Net;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Testing;

namespace EventCalls.Benchmarks.Seen;

/// <summary>Both ends of calls that are told something over HTTP, and when what they were told came in as SIP.</summary>
internal sealed class CommandedCalls : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(150);

    private readonly SipPeer _peer = new();
    private readonly HttpClient _client = new();
    private TaskCompletionSource<long>? _seen;
    private string _awaited = "";

    public CommandedCalls()
    {
        var (invited, requested) = (_peer.Handler.Invited!, _peer.Handler.Requested!);
        _peer.Handler.Invited = (leg, invite) => { See("INVITE"); invited(leg, invite); };
        _peer.Handler.Requested = (leg, request) => { See(request.Method == SipMethod.Refer ? "REFER" : ""); requested(leg, request); };
        _peer.Handler.HungUp = _ => See("BYE");
    }

    /// <summary>Where they are called.</summary>
    public int Port => _peer.Port;

    /// <summary>
    /// Has so many calls connected to a target, and tells one after the other the same; milliseconds from each request to its first SIP message, and beside it
    /// those of a request that does nothing, which say how busy the machine is.
    /// </summary>
    public async Task<(IReadOnlyList<double> Commanded, IReadOnlyList<double> Answered)> CommandAsync(int sipPort, int count, Uri address, string path, string json, string awaited)
    {
        var legs = new List<OutgoingLeg>();
        for (int i = 0; i < count; i++)
            legs.Add(await _peer.CallAsync(sipPort, "invite"));
        foreach (var leg in legs)
            await UntilAnsweredAsync(address, leg.CallId);
        await Task.Delay(s_quiet);
        Volatile.Write(ref _awaited, awaited);
        List<double> times = [], answered = [];
        foreach (var leg in legs)
        {
            long asked = Stopwatch.GetTimestamp();
            await _client.GetStringAsync(new Uri(address, "/health/live"));
            answered.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            using var content = new StringContent(json, Encoding.UTF8, "application/json");
            var seen = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            var command = new Uri(address, $"/api/calls/{Uri.EscapeDataString(leg.CallId)}/{path}");
            Volatile.Write(ref _seen, seen);
            long began = Stopwatch.GetTimestamp();
            using var answer = await _client.PostAsync(command, content);
            if (answer.StatusCode != HttpStatusCode.Accepted)
                throw new InvalidOperationException($"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            times.Add(Stopwatch.GetElapsedTime(began, await seen.Task.WaitAsync(s_limit)).TotalMilliseconds);
            // What else the command does is over before the next one is given.
            await Task.Delay(s_quiet);
        }
        foreach (var leg in legs)
        {
            await _peer.DoAsync(() =>
            {
                if (leg.State != LegState.Ended)
                    leg.Bye();
                return 0;
            });
        }
        using var limit = new CancellationTokenSource(s_limit);
        while (await _peer.OpenLegsAsync() > 0)
            await Task.Delay(20, limit.Token);
        return (times, answered);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _peer.Dispose();
    }

    private void See(string what)
    {
        if (what == Volatile.Read(ref _awaited))
            Volatile.Read(ref _seen)?.TrySetResult(Stopwatch.GetTimestamp());
    }

    private async Task UntilAnsweredAsync(Uri address, string sipCallId)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (true)
        {
            using var answer = await _client.GetAsync(new Uri(address, $"/api/calls/{Uri.EscapeDataString(sipCallId)}"), limit.Token);
            if (answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync(limit.Token)).Contains("\"outcome\":\"answered\"", StringComparison.Ordinal))
                return;
            await Task.Delay(20, limit.Token);
        }
    }
}
