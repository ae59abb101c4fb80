using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EventCalls.Sip.Messages;

/// <content>What the parser fills in; positions count from the message's first byte.</content>
public sealed partial class SipMessage
{
    private byte[] _buffer = [];
    private int _origin;
    private int _length;
    private HeaderEntry[] _entries = new HeaderEntry[32];
    private int _count;

    // Position + 1 of the first field of each kind; 0 when there is none.
    private ushort[] _firsts = new ushort[HeaderNames.Count];

    internal Slice StartLineSlice;
    internal Slice MethodSlice;
    internal Slice UriSlice;
    internal Slice ReasonSlice;
    internal Slice FromTagSlice;
    internal Slice ToTagSlice;
    internal Slice TopViaSlice;
    internal Slice ViaBranchSlice;
    internal Slice ViaSentBySlice;
    internal Slice CSeqMethodSlice;
    internal Slice BodySlice;

    /// <summary>Forgets the last message and looks at these bytes.</summary>
    internal void Reset(ReadOnlyMemory<byte> bytes)
    {
        if (MemoryMarshal.TryGetArray(bytes, out var segment))
        {
            _buffer = segment.Array!;
            _origin = segment.Offset;
        }
        else
        {
            _buffer = bytes.ToArray();
            _origin = 0;
        }
        _length = bytes.Length;
        _count = 0;
        _firsts.AsSpan().Clear();
        IsRequest = false;
        Method = SipMethod.Other;
        StatusCode = 0;
        CanRespond = false;
        ViaHasRport = false;
        CSeqNumber = 0;
        CSeqMethod = SipMethod.Other;
        MaxForwards = -1;
        StartLineSlice = MethodSlice = UriSlice = ReasonSlice = default;
        FromTagSlice = ToTagSlice = default;
        TopViaSlice = ViaBranchSlice = ViaSentBySlice = default;
        CSeqMethodSlice = BodySlice = default;
    }

    /// <summary>Leaves out bytes before the start line (RFC 3261 §7.5).</summary>
    internal void SkipStart(int count)
    {
        _origin += count;
        _length -= count;
    }

    /// <summary>Leaves out bytes after the body.</summary>
    internal void EndAt(int length) => _length = length;

    /// <summary>Adds a field and gives the position of the first one of its kind, or -1 when this is the first.</summary>
    internal int Add(in HeaderEntry entry)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, Math.Max(32, _entries.Length * 2));
        _entries[_count++] = entry;
        ref var first = ref _firsts[(int)entry.Id];
        if (first != 0)
            return first - 1;
        first = (ushort)_count;
        return -1;
    }

    internal int FirstIndexOf(HeaderId id) => _firsts[(int)id] - 1;

    internal HeaderId IdAt(int index) => _entries[index].Id;

    /// <summary>Where a part of <see cref="Raw"/> lies in it.</summary>
    internal Slice SliceOf(ReadOnlySpan<byte> part) =>
        part.IsEmpty
            ? default
            : new Slice((int)Unsafe.ByteOffset(ref _buffer[_origin], ref MemoryMarshal.GetReference(part)), part.Length);

    private ReadOnlySpan<byte> Span(Slice slice) => new(_buffer, _origin + slice.Start, slice.Length);
}
