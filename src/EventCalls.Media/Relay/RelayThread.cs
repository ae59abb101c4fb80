using System.Collections.Concurrent;
using EventCalls.Media.Audio;
using EventCalls.Media.Recording;
using Microsoft.Extensions.Logging;

namespace EventCalls.Media.Relay;

/// <summary>A thread that moves the media of many calls: it waits for all their sockets at once, and passes on what comes.</summary>
internal sealed class RelayThread : IDisposable
{
    private const int MostEvents = 128;
    private const int LargestDatagram = 65_536;
    private const int LookEveryMs = 100;
    private const int FrameUs = 1000 * AudioFrame.Milliseconds;
    private const int Turns = 4;
    private const int MostBehind = 200_000;

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _silence;
    private readonly ConcurrentQueue<Action> _work = new();
    private readonly List<RelayLeg> _legs = [];
    private readonly List<RelayLeg> _playing = [];
    private readonly Stack<int> _free = new();
    private readonly Thread _thread;
    private readonly int _list;
    private readonly int _bell;
    private RelayPort?[] _ports = new RelayPort?[256];
    private int _used = 1;
    private int _turn;
    private uint _turns;
    private int _isRung;
    private volatile bool _stops;

    public RelayThread(int number, long silenceMs, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _silence = silenceMs * 1000;
        _list = Kernel.MakeWaitList();
        _bell = Kernel.MakeBell();
        // Place 0 is the bell's.
        Kernel.Add(_list, _bell, 0);
        _thread = new Thread(Run) { Name = $"media {number}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>How many legs it has; from any thread.</summary>
    public int Legs { get; private set; }

    /// <summary>Has something done on the thread; from any thread.</summary>
    public void Post(Action work)
    {
        _work.Enqueue(work);
        if (Interlocked.Exchange(ref _isRung, 1) == 0)
            Kernel.Ring(_bell);
    }

    /// <summary>Looks after a leg; on the thread.</summary>
    public void Add(RelayLeg leg)
    {
        leg.HeardAt = Now;
        _legs.Add(leg);
        Legs = _legs.Count;
    }

    /// <summary>Listens for a stream; on the thread.</summary>
    public void Add(RelayStream stream)
    {
        Add(stream.Rtp);
        Add(stream.Rtcp);
    }

    /// <summary>Whether a leg's peer is to be heard from now on; on the thread.</summary>
    public void Expect(RelayLeg leg, bool isExpected)
    {
        if (isExpected && !leg.IsExpected)
            leg.HeardAt = Now;
        leg.IsExpected = isExpected;
    }

    /// <summary>Has two legs hear each other and nobody else; on the thread.</summary>
    public static void Connect(RelayLeg one, RelayLeg other)
    {
        Disconnect(one);
        Disconnect(other);
        one.Peer = other;
        other.Peer = one;
    }

    /// <summary>Lets a leg's peer hear something, or whom it is connected to again; on the thread.</summary>
    public void Play(RelayLeg leg, Player? player, AudioSource? source, bool isAnnounced = false)
    {
        leg.Player?.Play(null);
        leg.IsPlayed = player is not null;
        leg.IsAnnounced = isAnnounced;
        if (player is not null)
        {
            leg.Player = player;
            player.Play(source);
        }
        Pace(leg);
    }

    /// <summary>Says a digit to a leg's peer, in the voice it hears; on the thread.</summary>
    public void Press(RelayLeg leg, char digit, int milliseconds)
    {
        if (leg.Voice is { } voice && voice.Output.Press(digit, milliseconds))
            Pace(leg);
    }

    private void Pace(RelayLeg leg)
    {
        if (!leg.IsBusy)
            _playing.Remove(leg);
        else if (!_playing.Contains(leg))
        {
            // It keeps its turn, whoever else comes and goes: what it plays is to be even, and legs that hear the same voice are to be in step.
            leg.Turn = (int)(_turns++ % Turns);
            _playing.Add(leg);
        }
    }

    /// <summary>Has a leg hear nobody; on the thread.</summary>
    public static void Disconnect(RelayLeg leg)
    {
        if (leg.Peer is { } peer && peer.Peer == leg)
            peer.Peer = null;
        leg.Peer = null;
    }

    /// <summary>Closes a leg's ports; on the thread.</summary>
    public void Remove(RelayLeg leg)
    {
        Disconnect(leg);
        foreach (var stream in leg.Streams)
        {
            if (stream is null)
                continue;
            stream.Close();
            Remove(stream.Rtp);
            Remove(stream.Rtcp);
        }
        _playing.Remove(leg);
        _legs.Remove(leg);
        Legs = _legs.Count;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stops = true;
        Kernel.Ring(_bell);
        _thread.Join();
        foreach (var port in _ports)
            port?.Dispose();
        Kernel.Close(_bell);
        Kernel.Close(_list);
    }

    /// <summary>The clock that everything here is told the time by, µs; the recordings' own.</summary>
    private long Now => RecordingThread.Microseconds(_time);

    private void Run()
    {
        var events = new byte[MostEvents * Kernel.EventLength];
        var buffer = new byte[LargestDatagram + RelayStream.Room];
        var from = new byte[Kernel.AddressLength];
        long nextLook = Now + LookEveryMs * 1000;
        long nextFrame = Now;
        while (!_stops)
        {
            long next = _playing.Count > 0 ? Math.Min(nextLook, nextFrame) : nextLook;
            int ready = Kernel.Wait(_list, events, (int)Math.Clamp((next - Now + 999) / 1000, 0, LookEveryMs));
            long now = Now;
            for (int i = 0; i < ready; i++)
            {
                ulong place = Kernel.DataOf(events, i);
                if (place == 0)
                    DoWork();
                else if (_ports[place] is { } port)
                    Read(port, buffer, from, now);
            }
            nextFrame = PlayOn(buffer, now, nextFrame);
            if (now < nextLook)
                continue;
            nextLook = now + LookEveryMs * 1000;
            LookAround(buffer, now);
        }
    }

    private void Read(RelayPort port, byte[] buffer, byte[] from, long now)
    {
        try
        {
            port.Read(buffer, from, now);
        }
        catch (Exception e)
        {
            _logger.LogError(e, "A datagram at port {Port} could not be passed on", port.Number);
        }
    }

    private void DoWork()
    {
        Kernel.Silence(_bell);
        Volatile.Write(ref _isRung, 0);
        while (_work.TryDequeue(out var work))
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                _logger.LogError(e, "A change of the media of a call could not be made");
            }
        }
    }

    /// <summary>Plays on what is due: each leg 20 ms after 20 ms, a quarter of the legs at a time, so that what is relayed meanwhile does not wait for all of them.</summary>
    private long PlayOn(byte[] buffer, long now, long nextFrame)
    {
        if (_playing.Count == 0)
            return now;
        // Far behind, what was missed is left out: a call hears a gap, and not all of it at once.
        if (now - nextFrame > MostBehind)
            nextFrame = now;
        for (; nextFrame <= now; nextFrame += FrameUs / Turns)
        {
            foreach (var leg in _playing)
            {
                if (leg.Turn == _turn)
                    leg.PlayOn(buffer, now);
            }
            _turn = (_turn + 1) % Turns;
        }
        return nextFrame;
    }

    private void LookAround(byte[] buffer, long now)
    {
        _playing.RemoveAll(static leg => !leg.IsBusy);
        var wall = _time.GetUtcNow();
        foreach (var leg in _legs)
        {
            foreach (var stream in leg.Streams)
            {
                stream?.LookForEnds(now);
                stream?.Report(buffer, now, wall);
            }
            if (_silence == 0 || !leg.IsExpected || now - leg.HeardAt < _silence)
                continue;
            leg.HeardAt = now;
            leg.OnSilent?.Invoke();
        }
    }

    private void Add(RelayPort port)
    {
        int place = _free.TryPop(out int free) ? free : _used++;
        if (place == _ports.Length)
            Array.Resize(ref _ports, 2 * place);
        _ports[place] = port;
        port.Place = (ulong)place;
        Kernel.Add(_list, port.Descriptor, port.Place);
    }

    private void Remove(RelayPort port)
    {
        if (port.Place == 0)
            return;
        Kernel.Remove(_list, port.Descriptor);
        _ports[port.Place] = null;
        _free.Push((int)port.Place);
        port.Place = 0;
        port.Dispose();
    }
}
