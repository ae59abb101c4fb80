using EventCalls.Routing.Deciders.Blocks;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>How the decisions of a block are asked for and answered.</summary>
internal static class BlockWire
{
    [Flags]
    private enum Ask : byte
    {
        None = 0,
        Expected = 1,
        Whole = 2,
        Repeated = 4,
        Patient = 8,
    }

    [Flags]
    private enum Said : byte
    {
        None = 0,
        Expected = 1,
        Whole = 2,
        ReadClock = 4,
        ReadRandom = 8,
        Ended = 16,
        Unsteady = 32,
        Failed = 64,
    }

    public static void Write(WireWriter to, in BlockAsk ask, ReadOnlySpan<byte> request)
    {
        to.Byte((byte)((ask.Expected is null ? Ask.None : Ask.Expected)
            | (ask.IsWhole ? Ask.Whole : Ask.None)
            | (ask.IsRepeated ? Ask.Repeated : Ask.None)
            | (ask.IsPatient ? Ask.Patient : Ask.None)));
        if (ask.Expected is { } expected)
            to.Digest(expected);
        to.Bytes(request);
    }

    public static BlockAsk ReadAsk(ref WireReader from)
    {
        var asked = (Ask)from.Byte();
        return new BlockAsk(0)
        {
            Expected = asked.HasFlag(Ask.Expected) ? from.Digest() : null,
            IsWhole = asked.HasFlag(Ask.Whole),
            IsRepeated = asked.HasFlag(Ask.Repeated),
            IsPatient = asked.HasFlag(Ask.Patient),
        };
    }

    public static void Write(WireWriter to, DecisionResult result, UInt128 digest, bool isExpected, bool isWhole, bool isUnsteady)
    {
        to.Byte((byte)((isExpected ? Said.Expected : Said.None)
            | (isWhole ? Said.Whole : Said.None)
            | (result.ReadClock ? Said.ReadClock : Said.None)
            | (result.ReadRandom ? Said.ReadRandom : Said.None)
            | (DecisionEnds.IsEnded(result) ? Said.Ended : Said.None)
            | (isUnsteady ? Said.Unsteady : Said.None)));
        to.Digest(digest);
        if (isWhole)
            ResultWire.Write(to, result);
        else if (isExpected)
            to.Text(result.DecidedBy);
    }

    public static void WriteFailed(WireWriter to, string message)
    {
        to.Byte((byte)Said.Failed);
        to.Text(message);
    }

    /// <exception cref="InvalidOperationException">The decider failed, not the logic.</exception>
    public static BlockAnswer ReadAnswer(ref WireReader from)
    {
        var said = (Said)from.Byte();
        if (said == Said.Failed)
            throw new InvalidOperationException($"A decider failed: {from.Text()}");
        var digest = from.Digest();
        var result = said.HasFlag(Said.Whole) ? ResultWire.Read(ref from) : null;
        return new BlockAnswer
        {
            Digest = digest,
            Result = result,
            DecidedBy = result?.DecidedBy ?? (said.HasFlag(Said.Expected) ? from.Name() : ""),
            ReadClock = said.HasFlag(Said.ReadClock),
            ReadRandom = said.HasFlag(Said.ReadRandom),
            IsEnded = said.HasFlag(Said.Ended),
            IsUnsteady = said.HasFlag(Said.Unsteady),
        };
    }
}
