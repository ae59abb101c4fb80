using System.Runtime.InteropServices;

namespace EventCalls.Media.Relay;

/// <summary>The calls of Linux that the relay lives by: one wait for all sockets, and datagrams that are received and sent without an object or an exception each.</summary>
/// <remarks>Those of the platform's own sockets take an exception to say that nothing is there, and a turn of the thread pool to say that something is.</remarks>
internal static unsafe partial class Kernel
{
    /// <summary>How long a socket address is at most: that of IPv6.</summary>
    public const int AddressLength = 28;

    private const int Interrupted = 4;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int DontWait = 0x40;
    private const int ControlAdd = 1;
    private const int ControlRemove = 2;
    private const uint Readable = 1;

    /// <summary>How far apart two events lie in the list that a wait fills: the kernel packs them on x64 alone.</summary>
    public static readonly int EventLength = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static readonly int s_dataOffset = EventLength - 8;

    /// <summary>Makes a list of sockets that can be waited for together.</summary>
    public static int MakeWaitList() => Checked(epoll_create1(CloseOnExec));

    /// <summary>Makes what wakes a wait from another thread.</summary>
    public static int MakeBell() => Checked(eventfd(0, CloseOnExec | NonBlocking));

    /// <summary>Waits for a socket too; its events carry the number given.</summary>
    public static void Add(int list, int socket, ulong data)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = Readable;
        *(ulong*)(entry + s_dataOffset) = data;
        Checked(epoll_ctl(list, ControlAdd, socket, entry));
    }

    /// <summary>Waits for a socket no longer.</summary>
    public static void Remove(int list, int socket)
    {
        byte* entry = stackalloc byte[16];
        _ = epoll_ctl(list, ControlRemove, socket, entry);
    }

    /// <summary>Waits until a socket of the list can be read, or for so many milliseconds; how many can be.</summary>
    public static int Wait(int list, Span<byte> events, int milliseconds)
    {
        fixed (byte* first = events)
        {
            int ready = epoll_wait(list, first, events.Length / EventLength, milliseconds);
            if (ready < 0 && Marshal.GetLastPInvokeError() != Interrupted)
                throw new InvalidOperationException($"Sockets cannot be waited for: error {Marshal.GetLastPInvokeError()} of the system.");
            return Math.Max(0, ready);
        }
    }

    /// <summary>The number that an event of a wait carries.</summary>
    public static ulong DataOf(ReadOnlySpan<byte> events, int index) =>
        MemoryMarshal.Read<ulong>(events[(index * EventLength + s_dataOffset)..]);

    /// <summary>Wakes a wait.</summary>
    public static void Ring(int bell)
    {
        ulong one = 1;
        _ = write(bell, &one, sizeof(ulong));
    }

    /// <summary>Takes a wake-up back.</summary>
    public static void Silence(int bell)
    {
        ulong count;
        _ = read(bell, &count, sizeof(ulong));
    }

    /// <summary>Receives a datagram and who sent it, as the kernel writes addresses; below 0 when none is there.</summary>
    public static int Receive(int socket, Span<byte> buffer, Span<byte> from, out int fromLength)
    {
        fixed (byte* bytes = buffer)
        fixed (byte* address = from)
        {
            int length = from.Length;
            int received = (int)recvfrom(socket, bytes, (nuint)buffer.Length, DontWait, address, &length);
            fromLength = received < 0 ? 0 : length;
            return received;
        }
    }

    /// <summary>Sends a datagram; below 0 when the kernel does not take it.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> to)
    {
        fixed (byte* bytes = datagram)
        fixed (byte* address = to)
            return (int)sendto(socket, bytes, (nuint)datagram.Length, DontWait, address, to.Length);
    }

    /// <summary>Closes what was made here; sockets close themselves.</summary>
    public static void Close(int made) => _ = close(made);

    private static int Checked(int result) =>
        result >= 0 ? result : throw new InvalidOperationException($"Sockets cannot be waited for: error {Marshal.GetLastPInvokeError()} of the system.");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int list, int operation, int socket, byte* entry);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int list, byte* events, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint first, int flags);

    [LibraryImport("libc")]
    private static partial nint recvfrom(int socket, byte* buffer, nuint length, int flags, byte* from, int* fromLength);

    [LibraryImport("libc")]
    private static partial nint sendto(int socket, byte* buffer, nuint length, int flags, byte* to, int toLength);

    [LibraryImport("libc")]
    private static partial nint read(int file, void* buffer, nuint length);

    [LibraryImport("libc")]
    private static partial nint write(int file, void* buffer, nuint length);

    [LibraryImport("libc")]
    private static partial int close(int file);
}
