using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventCalls.Import.Csv;

/// <summary>The rows of a table that were read already, so that several of one id (a group that rings one after another) stay apart and a row that comes twice is known. What is held is bounded.</summary>
internal sealed class CsvRecords
{
    /// <summary>At least so many rows are remembered; those of one call lie near one another.</summary>
    public const int Remembered = 200_000;

    private Dictionary<Guid, Record> _now = [];
    private Dictionary<Guid, Record> _before = [];

    /// <summary>The id of a row's call, the same whenever the table is imported; null when an earlier row said the very same.</summary>
    /// <param name="startedAt">When the call began.</param>
    /// <param name="row">The row.</param>
    /// <param name="same">The line of the row that said the same; 0 when none did.</param>
    public Guid? IdOf(DateTimeOffset startedAt, CsvRow row, out long same)
    {
        same = 0;
        string cells = string.Join('\u001f', row.Cells);
        string identity = row.TextOrNull("call_id") ?? cells;
        var id = ImportIds.OfCall(startedAt, $"csv\n{identity}");
        var content = BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(cells)));
        if (!_now.TryGetValue(id, out var record) && !_before.TryGetValue(id, out record))
        {
            Remember(id, new Record(content, row.Line));
            return id;
        }
        int others = 1;
        for (var other = record; ; other = other.Next, others++)
        {
            if (other.Content == content)
            {
                same = other.Line;
                return null;
            }
            if (other.Next is null)
            {
                other.Next = new Record(content, row.Line);
                // By number and not by content: a table that is exported again may have another column.
                return ImportIds.OfCall(startedAt, $"csv\n{identity}\n{others}");
            }
        }
    }

    private void Remember(Guid id, Record record)
    {
        if (_now.Count == Remembered)
            (_before, _now) = (_now, []);
        _now.Add(id, record);
    }

    private sealed class Record(UInt128 content, long line)
    {
        public UInt128 Content => content;

        public long Line => line;

        public Record? Next { get; set; }
    }
}
