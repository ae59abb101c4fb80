using System.Globalization;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Deciders.Child;

/// <summary>The program of a decider: a process that takes decisions for its parent and for nobody else.</summary>
public static class DeciderProgram
{
    /// <summary>The argument that makes the program a decider.</summary>
    public const string Command = "decider";

    /// <summary>Decides until the parent closes the pipe; gives the exit code.</summary>
    /// <param name="arguments">Behind <see cref="Command"/>: the file of the shared mark, and the parent's process id.</param>
    public static int Run(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Count != 2 || !int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out int parent) || !File.Exists(arguments[0]))
        {
            System.Console.Error.WriteLine("'decider' is started by EventCalls itself, for decisions in a process of their own; there is nothing to run by hand.");
            return 2;
        }

        if (Environment.GetEnvironmentVariable(OtherMachine.Variable) is not null)
            CountOn();
        var (input, output) = ProtocolStreams.Take();
        ParentWatch.Start(parent);
        using var mark = BeganMark.Open(arguments[0]);
        int code = 0;
        // Where it is decided, live and in a replay, recursion goes as deep.
        var thread = new Thread(() => code = Loop(input, output, mark), DecisionStack.Bytes) { Name = "decision" };
        thread.Start();
        thread.Join();
        return code;
    }

    // The ids of threads, and with them the hash codes of objects, are the same in every run that does the same.
    private static void CountOn()
    {
        for (int i = 0; i < 5; i++)
        {
            _ = new object().GetHashCode();
            var thread = new Thread(static () => { });
            thread.Start();
            thread.Join();
        }
    }

    private static int Loop(Stream input, Stream output, BeganMark mark)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        try
        {
            new DeciderLoop(input, output, mark).Run();
            return 0;
        }
        catch (IOException)
        {
            // The parent has closed its end; there is nobody to tell.
            return 0;
        }
    }
}
