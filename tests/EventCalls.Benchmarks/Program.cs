using BenchmarkDotNet.Running;
using EventCalls.Benchmarks.Appending;
using EventCalls.Benchmarks.Counting;
using EventCalls.Benchmarks.Deciding;
using EventCalls.Benchmarks.Edge;
using EventCalls.Benchmarks.Fuzzing;
using EventCalls.Benchmarks.Load;
using EventCalls.Benchmarks.Micro;
using EventCalls.Benchmarks.Outages;
using EventCalls.Benchmarks.Relaying;
using EventCalls.Benchmarks.Replay;
using EventCalls.Benchmarks.Searching;
using EventCalls.Benchmarks.Seen;
using EventCalls.Benchmarks.Signalling;
using EventCalls.Benchmarks.Soak;
using EventCalls.Routing.Deciders.Child;

return args switch
{
    [DeciderProgram.Command, .. var rest] => DeciderProgram.Run(rest),
    ["journal", .. var rest] => await JournalLoad.RunAsync(rest),
    ["append-compare", .. var rest] => await AppendComparison.RunAsync(rest),
    ["append", .. var rest] => await AppendBenchmark.RunAsync(rest),
    ["decide", .. var rest] => await DecideRun.RunAsync(rest),
    ["replay", .. var rest] => await ReplayBenchmark.RunAsync(rest),
    ["replay-webhook", .. var rest] => await WebhookReplayRun.RunAsync(rest),
    [WebhookReplayRun.Receiver] => await WebhookReplayRun.ReceiveAsync(),
    ["stats", .. var rest] => await StatisticsBenchmark.RunAsync(rest),
    ["search", .. var rest] => await SearchBenchmark.RunAsync(rest),
    ["follow", .. var rest] => await FollowBenchmark.RunAsync(rest),
    ["transports", .. var rest] => await TransportRun.RunAsync(rest),
    ["load", .. var rest] => await LoadRun.RunAsync(rest),
    ["outages", .. var rest] => await OutageRun.RunAsync(rest),
    ["signalling", .. var rest] => await SignallingRun.RunAsync(rest),
    [SignallingChild.Command, .. var rest] => await SignallingChild.RunAsync(rest),
    ["relay", .. var rest] => await RelayRun.RunAsync(rest),
    [RelayChild.Command, .. var rest] => await RelayChild.RunAsync(rest),
    [WatchedChild.Command, .. var rest] => await WatchedChild.RunAsync(rest),
    ["edge", .. var rest] => await EdgeRun.RunAsync(rest),
    ["fuzz", .. var rest] => await FuzzRun.RunAsync(rest),
    ["seen", .. var rest] => await SeenRun.RunAsync(rest),
    ["shadow", .. var rest] => await ShadowCostRun.RunAsync(rest),
    ["soak", .. var rest] => await SoakRun.RunAsync(rest),
    _ => RunMicro(args),
};

static int RunMicro(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(JournalLoad).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args);
    return 0;
}
