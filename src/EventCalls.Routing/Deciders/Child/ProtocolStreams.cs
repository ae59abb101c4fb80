using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EventCalls.Routing.Deciders.Child;

/// <summary>The pipes to the parent, taken away from everything else in the process: whatever is written to the console goes nowhere.</summary>
internal static partial class ProtocolStreams
{
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;

    /// <summary>Takes standard input and output; what opens them afterwards gets the null device.</summary>
    public static (Stream Input, Stream Output) Take()
    {
        Console.SetIn(TextReader.Null);
        Console.SetOut(TextWriter.Null);
        Console.SetError(TextWriter.Null);
        if (OperatingSystem.IsWindows())
            return (System.Console.OpenStandardInput(), System.Console.OpenStandardOutput());
        return (Move(0, FileAccess.Read, ReadOnly), Move(1, FileAccess.Write, WriteOnly));
    }

    private static FileStream Move(int standard, FileAccess access, int flags)
    {
        int own = Dup(standard);
        int nothing = Open("/dev/null", flags);
        if (own < 0 || nothing < 0 || Dup2(nothing, standard) < 0)
            throw new IOException($"Standard stream {standard} cannot be taken over (error {Marshal.GetLastPInvokeError()}).");
        _ = Close(nothing);
        return new FileStream(new SafeFileHandle(own, ownsHandle: true), access, bufferSize: 0, isAsync: false);
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Dup(int file);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Dup2(int file, int onto);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);
}
