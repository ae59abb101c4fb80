using System.Diagnostics;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Transport.Tls;
using EventCalls.Testing;

namespace EventCalls.Benchmarks.Edge;

/// <summary>Calls at a steady rate from this process, each given back by REFER, and how long each waited for its answer.</summary>
internal sealed class EdgeCaller : IDisposable
{
    private const int StepMs = 10;

    private readonly SipPeer _peer;
    private readonly Dictionary<OutgoingLeg, long> _asked = [];
    private List<double> _answeredMs = [];

    public EdgeCaller(string transport = "udp", TlsIdentity? tls = null)
    {
        _peer = new SipPeer(transport, tls);
        _peer.Handler.Answered = (leg, _) =>
        {
            if (_asked.Remove(leg, out long at))
                _answeredMs.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
        };
    }

    /// <summary>Calls; milliseconds from INVITE to 200 of those that were answered, sorted, and how many there were.</summary>
    public async Task<(IReadOnlyList<double> AnsweredMs, int Calls)> RunAsync(int port, int rate, int seconds)
    {
        int begun = 0;
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(StepMs));
        while (begun < rate * seconds)
        {
            await timer.WaitForNextTickAsync();
            int due = (int)Math.Min(rate * seconds, clock.Elapsed.TotalSeconds * rate);
            await _peer.DoAsync(() =>
            {
                for (; begun < due; begun++)
                {
                    long at = Stopwatch.GetTimestamp();
                    _asked[_peer.Call(port, "refer")] = at;
                }
                return 0;
            });
        }
        // The last ones are hung up on two seconds after they were referred.
        for (int i = 0; i < 500 && await _peer.OpenLegsAsync() > 0; i++)
            await Task.Delay(StepMs);
        return await _peer.DoAsync(() =>
        {
            var (answered, calls) = (_answeredMs, begun);
            _answeredMs = [];
            _asked.Clear();
            _peer.Handler.Log.Clear();
            answered.Sort();
            return ((IReadOnlyList<double>)answered, calls);
        });
    }

    public void Dispose() => _peer.Dispose();
}
