using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace EventCalls.Testing;

/// <summary>A program that a test started: its output is kept, and it ends with the test.</summary>
/// <remarks>The program's standard input is a pipe that closes when this process dies, however it dies, and a guard then kills the program: nothing outlives a killed test run.</remarks>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptCharacters = 4_000_000;

    // $0 is the program; it says its id before it becomes the program. The guard waits for the end of the pipe and then kills; the shell waits for the program and hands on its exit code.
    private const string Guard = """
        exec 3<&0
        /bin/sh -c 'echo "child $$"; exec "$0" "$@"' "$0" "$@" </dev/null 3<&- &
        child=$!
        { read -r _; kill -9 $child; } <&3 3<&- >/dev/null 2>&1 &
        guard=$!
        wait $child
        code=$?
        kill -9 $guard
        exit $code
        """;

    private readonly Process _shell;
    private readonly Lock _gate = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<int> _id = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _outputRead;
    private readonly Task _errorsRead;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process shell)
    {
        _shell = shell;
        _outputRead = ReadAsync(shell.StandardOutput, _output, firstIsId: true);
        _errorsRead = ReadAsync(shell.StandardError, _errors, firstIsId: false);
        Exited = WaitAsync();
    }

    /// <summary>The program's own process id.</summary>
    public int Id => _id.Task.GetAwaiter().GetResult();

    /// <summary>Completes with the exit code, after all output was read; 128 + the signal when a signal ended it.</summary>
    public Task<int> Exited { get; }

    /// <summary>What it wrote on standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
                return _output.ToString();
        }
    }

    /// <summary>What it wrote on standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_gate)
                return _errors.ToString();
        }
    }

    /// <summary>Starts a program found on the path or given by its full name.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments, each handed over as it is.</param>
    /// <param name="environment">Variables to set beside the inherited ones; null removes one.</param>
    /// <param name="folder">Where to run it; null: here.</param>
    public static ChildProcess Start(
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? folder = null)
    {
        var info = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? "",
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        info.ArgumentList.Add("-c");
        info.ArgumentList.Add(Guard);
        info.ArgumentList.Add(file);
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            info.Environment.Remove(name);
            if (value is not null)
                info.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(info)!);
    }

    /// <summary>Waits until a line of standard output fits.</summary>
    /// <exception cref="InvalidOperationException">The program ended first; the message holds what it wrote.</exception>
    /// <exception cref="TimeoutException">It did not come in time; the message holds what was written.</exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> fits, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        while (true)
        {
            bool ended = Exited.IsCompleted;
            string output;
            Task more;
            lock (_gate)
                (output, more) = (_output.ToString(), _more.Task);
            if (output.Split('\n').FirstOrDefault(fits) is { } line)
                return line;
            if (ended)
                throw new InvalidOperationException($"The program ended with {await Exited} before it wrote that line.\n{Describe()}");
            try
            {
                await Task.WhenAny(more, Exited).WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"No such line within {timeout.TotalSeconds} s.\n{Describe()}");
            }
        }
    }

    /// <summary>Asks it to stop (SIGTERM).</summary>
    public void Terminate() => Signal(15);

    /// <summary>Kills it (SIGKILL) and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Signal(9);
        await Exited;
    }

    /// <summary>Sends a signal by number; does nothing when the program has ended.</summary>
    public void Signal(int signal)
    {
        if (!Exited.IsCompleted)
            _ = SendSignal(Id, signal);
    }

    /// <summary>Does to the guard what the end of this process does to it: the program is killed.</summary>
    public void CloseGuard() => _shell.StandardInput.Close();

    /// <summary>Kills a process that one of ours started, by its id (SIGKILL).</summary>
    public static void Kill(int id) => _ = SendSignal(id, 9);

    /// <summary>Everything it wrote, for a failure message.</summary>
    public string Describe() => $"--- standard output\n{Output}\n--- standard error\n{Errors}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _shell.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int pid, int signal);

    private async Task<int> WaitAsync()
    {
        await _shell.WaitForExitAsync();
        // The program's own children may hold the pipes open for longer than it lives; what it wrote itself is there by then.
        await Task.WhenAny(Task.WhenAll(_outputRead, _errorsRead), Task.Delay(TimeSpan.FromSeconds(2)));
        _id.TrySetException(new InvalidOperationException($"The program did not start.\n{Describe()}"));
        return _shell.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader, StringBuilder kept, bool firstIsId)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (firstIsId)
            {
                firstIsId = false;
                _id.TrySetResult(int.Parse(line.AsSpan("child ".Length)));
                continue;
            }

            TaskCompletionSource more;
            lock (_gate)
            {
                if (kept.Length < KeptCharacters)
                    kept.Append(line).Append('\n');
                (more, _more) = (_more, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            more.TrySetResult();
        }
    }
}
