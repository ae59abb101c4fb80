using System.Runtime.InteropServices;

namespace EventCalls.Sip.Transactions;

/// <summary>Bytes that are given back about in the order in which they came, in a few large blocks.</summary>
internal sealed class FinishedBytes
{
    private const int BlockLength = 256 * 1024;
    private const int MaxSpare = 4;

    private readonly List<Block> _blocks = [];
    private readonly Stack<int> _free = [];
    private readonly Stack<byte[]> _spare = [];
    private int _current = -1;

    private struct Block
    {
        public byte[]? Bytes;
        public int Used;
        public int Places;
    }

    /// <summary>Where bytes lie; the default place is an empty one.</summary>
    internal readonly record struct Place(int Block, int Start, int Length);

    /// <summary>Bytes of all blocks.</summary>
    public long Held { get; private set; }

    /// <summary>Copies the bytes.</summary>
    public Place Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return default;
        if (_current < 0 || _blocks[_current].Bytes!.Length - _blocks[_current].Used < bytes.Length)
            _current = NewBlock(bytes.Length);
        ref var block = ref CollectionsMarshal.AsSpan(_blocks)[_current];
        var place = new Place(_current, block.Used, bytes.Length);
        bytes.CopyTo(block.Bytes.AsSpan(block.Used));
        block.Used += bytes.Length;
        block.Places++;
        return place;
    }

    /// <summary>The bytes; valid until they are removed.</summary>
    public ReadOnlySpan<byte> At(Place place) =>
        place.Length == 0 ? default : _blocks[place.Block].Bytes.AsSpan(place.Start, place.Length);

    /// <summary>Gives the bytes back; a block is used again when all of it is given back.</summary>
    public void Remove(Place place)
    {
        if (place.Length == 0)
            return;
        ref var block = ref CollectionsMarshal.AsSpan(_blocks)[place.Block];
        if (--block.Places > 0)
            return;
        if (place.Block == _current)
        {
            block.Used = 0;
            return;
        }
        // A few empty blocks wait for their next turn; after a burst the others go back to the collector.
        if (block.Bytes!.Length == BlockLength && _spare.Count < MaxSpare)
            _spare.Push(block.Bytes);
        else
            Held -= block.Bytes.Length;
        block = default;
        _free.Push(place.Block);
    }

    private int NewBlock(int atLeast)
    {
        if (!_free.TryPop(out int at))
        {
            at = _blocks.Count;
            _blocks.Add(default);
        }
        byte[]? bytes = null;
        if (atLeast > BlockLength || !_spare.TryPop(out bytes))
        {
            bytes = GC.AllocateUninitializedArray<byte>(Math.Max(BlockLength, atLeast));
            Held += bytes.Length;
        }
        _blocks[at] = new Block { Bytes = bytes };
        return at;
    }
}
