using System.Runtime.CompilerServices;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Routing.Tests.Loading;

public sealed class LogicFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_folder_that_does_not_compile_is_refused_and_the_last_good_version_stays()
    {
        _temp.Write("support.cs", Logics.Sample);
        await using var folder = new LogicFolder(_temp.Path, NullLogger.Instance);
        await folder.StartAsync(watch: false, default);
        string good = folder.Current!.Version;

        _temp.Write("support.cs", "public sealed class Broken\n{\n    int x = oops;\n}\n");
        var check = await folder.ReloadAsync(default);

        Assert.False(check.Ok);
        Assert.Equal(good, folder.Current!.Version);
        Assert.StartsWith("support.cs(3,", folder.LastError, StringComparison.Ordinal);
        _temp.Write("support.cs", Logics.Sample);
        await folder.ReloadAsync(default);
        Assert.Null(folder.LastError);
        Assert.Equal(good, folder.Current!.Version);
    }

    [Fact]
    public async Task A_change_in_the_folder_is_loaded_by_itself()
    {
        _temp.Write("support.cs", Logics.Sample);
        var loaded = new List<string>();
        var second = new TaskCompletionSource();
        await using var folder = new LogicFolder(_temp.Path, NullLogger.Instance, (logic, _) =>
        {
            loaded.Add(logic.Version);
            if (loaded.Count == 2)
                second.SetResult();
            return Task.CompletedTask;
        });
        await folder.StartAsync(watch: true, default);

        _temp.Write("more/flows.cs", "public static class Numbers { public const string Front = \"+1\"; }");
        await second.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(2, loaded.Distinct().Count());
    }

    [Fact]
    public async Task A_folder_that_comes_later_is_loaded_when_it_is_there()
    {
        string path = Path.Combine(_temp.Path, "later");
        var loaded = new TaskCompletionSource();
        await using var folder = new LogicFolder(path, NullLogger.Instance, (_, _) =>
        {
            loaded.SetResult();
            return Task.CompletedTask;
        });
        await folder.StartAsync(watch: true, default);
        Assert.Contains("does not exist", folder.LastError, StringComparison.Ordinal);
        Assert.Null(folder.Current);

        _temp.Write("later/support.cs", Logics.Sample);

        await loaded.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void All_files_of_the_folder_are_one_program_and_build_output_is_none_of_it()
    {
        _temp.Write("a.cs", Logics.Start("return Handoff.Bye(Names.Front);"));
        _temp.Write("sub/b.cs", "public static class Names { public const string Front = \"front\"; }");
        _temp.Write("obj/Debug/c.cs", "this is not C#");
        _temp.Write(".hidden/d.cs", "nor is this");
        _temp.Write("notes.txt", "x");

        var check = LogicFolder.Check(_temp.Path);

        using var logic = check.Logic!;
        Assert.Equal(["a.cs", "sub/b.cs"], logic.Sources.Select(s => s.Path));
        Assert.Equal("front", Decider.Decide(logic, DecisionRequest.For(Calls.Started()), new DecideOptions()).Steps[0].Reason);
    }

    [Fact]
    public void A_mounted_folder_of_links_is_read_through_them()
    {
        string real = _temp.Write("..data/support.cs", Logics.Sample);
        File.CreateSymbolicLink(Path.Combine(_temp.Path, "support.cs"), real);

        using var logic = LogicFolder.Check(_temp.Path).Logic!;

        Assert.Equal(["support.cs"], logic.Sources.Select(s => s.Path));
    }

    [Fact]
    public void The_version_is_the_content_whatever_the_order_and_the_place()
    {
        LogicSource a = new("a.cs", "x"), b = new("b.cs", "y");

        Assert.Equal(LogicVersion.Of([a, b]), LogicVersion.Of([b, a]));
        Assert.NotEqual(LogicVersion.Of([a, b]), LogicVersion.Of([a with { Text = "x " }, b]));
        Assert.NotEqual(LogicVersion.Of([a, b]), LogicVersion.Of([a with { Path = "c.cs" }, b]));
        Assert.Equal(Expected(), LogicVersion.Of([new LogicSource("support.cs", "class A;\n")]));

        static string Expected() =>
            "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("support.cs\0class A;\n\0"u8));
    }

    [Theory]
    [InlineData(new byte[] { 0x70, 0xFF, 0xFE, 0x00, 0xC0 }, "bad.cs' is not UTF-8")]
    [InlineData(new byte[] { 0x2F, 0x2F, 0x00 }, "bad.cs' has a NUL character in it")]
    public void A_file_that_is_not_text_is_named(byte[] content, string says)
    {
        File.WriteAllBytes(Path.Combine(_temp.Path, "bad.cs"), content);

        var check = LogicFolder.Check(_temp.Path);

        Assert.Contains(says, Assert.Single(check.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_is_replaced_is_unloaded()
    {
        var gone = LoadDecideAndDispose(Logics.Start(
            "if (conv.CallerNumber == \"throw\") throw new Odd(); return Handoff.Bye();", "sealed class Odd : Exception;"));

        for (int i = 0; i < 50 && gone.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(gone.IsAlive);
    }

    [Fact]
    public async Task Versions_that_keep_objects_in_the_state_do_not_pile_up()
    {
        var versions = new List<WeakReference>();
        string body = "conv.State.Set(\"visit\", new Visit(1)); return Handoff.Bye(conv.State.Get<Visit>(\"visit\")!.ToString());";

        // The serializer remembers the last types it met for about a second, and forgets them when it meets others.
        for (int i = 0; i < 30 && versions.TakeWhile(v => !v.IsAlive).Count() < 2; i++)
        {
            versions.Add(LoadDecideAndDispose(Logics.Start(body, $"sealed record Visit(int N{i});")));
            await Task.Delay(TimeSpan.FromSeconds(1));
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(versions[0].IsAlive);
        Assert.False(versions[1].IsAlive);
    }

    // A method of its own, so that no local of the test holds on to the version. Its results outlive it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference LoadDecideAndDispose(string source)
    {
        var logic = Logics.Load(source);
        foreach (string caller in new[] { "throw", "+1" })
            s_kept.Add(Decider.Decide(logic, DecisionRequest.For(Calls.Started(caller: caller)), new DecideOptions()));
        Assert.Null(s_kept[^1].Failure);
        var assembly = new WeakReference(logic.Loaded.Assembly);
        logic.Dispose();
        return assembly;
    }

    private static readonly List<DecisionResult> s_kept = [];
}
