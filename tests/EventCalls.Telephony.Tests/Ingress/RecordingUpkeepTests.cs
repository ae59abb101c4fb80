using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using EventCalls.Testing.Logging;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Tests.Ingress;

/// <summary>The folder of recordings is looked after while the node runs.</summary>
public sealed class RecordingUpkeepTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly byte[] s_wav = Convert.FromHexString("52494646FFFFFFFF57415645666D7420100000000100020040" + "1F0000007D00000400100064617461FFFFFFFF" + "0100020003000400");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-upkeep-");
    private readonly RecordingLogger _logger = new();
    private readonly HourClock _clock = new();

    [Fact]
    public async Task At_the_start_of_a_node_a_recording_that_a_killed_one_left_is_made_whole_and_a_broken_one_is_named()
    {
        Write("call.wav.part", s_wav);
        Write("empty.wav.part", []);
        await using var service = new IngressService(
            new TelephonyOptions { Node = "edge-1", Listen = ["udp:127.0.0.1:0"], Trunks = [new TrunkOptions { Name = "carrier", From = ["127.0.0.1"] }], Media = new MediaOptions { Recordings = _folder.FullName } },
            new FakeJournal(),
            new FakeMessages(),
            TimeProvider.System,
            new LoggerOf(_logger));
        await service.StartAsync(CancellationToken.None);

        await UntilAsync(() => _logger.Lines.Count(l => l.Text.Contains("recording", StringComparison.Ordinal)) == 2);
        Assert.Contains("empty.wav.part was left unfinished by an earlier run and stays so", Assert.Single(_logger.Warnings), StringComparison.Ordinal);
        Assert.Equal(["call.wav", "empty.wav.part"], Names());
        Assert.Equal(8, BitConverter.ToInt32(await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "call.wav")), 40));
    }

    [Fact]
    public async Task Every_hour_the_recordings_that_are_too_old_are_deleted()
    {
        Write("old.wav", s_wav, age: TimeSpan.FromDays(8));
        Write("young.wav", s_wav, age: TimeSpan.FromDays(6.99));
        using var stop = new CancellationTokenSource();
        var upkeep = Upkeep(keepDays: 7).RunAsync(stop.Token);
        await UntilAsync(() => _logger.Lines.Count == 1);
        Assert.Equal(["young.wav"], Names());
        Assert.Equal((TimeSpan.FromHours(1), "1 recordings older than 7 days were deleted"), (_clock.Period, Assert.Single(_logger.Lines).Text));

        _clock.Hour();
        await UntilAsync(() => Names().Length == 0);
        await stop.CancelAsync();
        await upkeep.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Without_a_limit_nothing_is_deleted()
    {
        Write("old.wav", s_wav, age: TimeSpan.FromDays(4_000));
        await Upkeep(keepDays: 0).RunAsync(CancellationToken.None).WaitAsync(s_patience);
        Assert.Equal(["old.wav"], Names());
    }

    [Fact]
    public async Task A_folder_that_cannot_be_read_is_said_and_tried_again()
    {
        Write("old.wav", s_wav, age: TimeSpan.FromDays(8));
        using var stop = new CancellationTokenSource();
        _clock.Fails = true;
        var upkeep = Upkeep(keepDays: 7).RunAsync(stop.Token);
        await UntilAsync(() => _logger.Warnings.Count == 1);
        Assert.Contains("could not be looked after", _logger.Warnings[0], StringComparison.Ordinal);
        _clock.Fails = false;
        _clock.Hour();
        await UntilAsync(() => Names().Length == 0);
        await stop.CancelAsync();
        await upkeep.WaitAsync(s_patience);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private RecordingUpkeep Upkeep(int keepDays) => new(new MediaOptions { Recordings = _folder.FullName, KeepRecordingsDays = keepDays }, _clock, _logger);

    private string[] Names() => [.. _folder.GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal)];

    private void Write(string name, byte[] bytes, TimeSpan age = default)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, _clock.Now.UtcDateTime - age);
    }

    private static async Task UntilAsync(Func<bool> happened)
    {
        for (int i = 0; i < 2_000 && !happened(); i++)
            await Task.Delay(10);
        Assert.True(happened());
    }

    private sealed class LoggerOf(ILogger logger) : ILogger<IngressService>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => logger.Log(logLevel, eventId, state, exception, formatter);
    }

    /// <summary>A clock that goes by the hour.</summary>
    private sealed class HourClock : TimeProvider
    {
        private TimerCallback? _due;
        private object? _state;

        public DateTimeOffset Now { get; private set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public TimeSpan Period { get; private set; }

        public bool Fails { get; set; }

        public override DateTimeOffset GetUtcNow() => Fails ? throw new IOException("the disk does not answer") : Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_state, Period) = (state, period);
            Volatile.Write(ref _due, callback);
            return new Silent();
        }

        public void Hour()
        {
            Now += TimeSpan.FromHours(1);
            _due!(_state);
        }

        private sealed class Silent : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
