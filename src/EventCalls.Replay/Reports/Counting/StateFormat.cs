namespace EventCalls.Replay.Reports.Counting;

/// <summary>How the state of a report is written down between two parts of a run.</summary>
internal static class StateFormat
{
    /// <summary>Writes a text or none.</summary>
    public static void WriteText(this BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
            writer.Write(text);
    }

    /// <summary>Reads a text or none.</summary>
    public static string? ReadText(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    /// <summary>Writes a call's id.</summary>
    public static void Write(this BinaryWriter writer, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        writer.Write(bytes);
    }

    /// <summary>Reads a call's id.</summary>
    public static Guid ReadGuid(this BinaryReader reader)
    {
        Span<byte> bytes = stackalloc byte[16];
        reader.BaseStream.ReadExactly(bytes);
        return new Guid(bytes);
    }

    /// <summary>Reads how many follow, refusing what cannot have been written.</summary>
    /// <exception cref="InvalidDataException">It is not 0–<paramref name="most"/>.</exception>
    public static int ReadCount(this BinaryReader reader, int most)
    {
        int count = reader.ReadInt32();
        return count >= 0 && count <= most ? count : throw new InvalidDataException($"The saved report is damaged: a list of {count}, where at most {most} can be.");
    }
}
