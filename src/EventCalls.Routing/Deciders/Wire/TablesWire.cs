using System.Collections.Frozen;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>Look-up tables.</summary>
internal static class TablesWire
{
    public static void Write(WireWriter to, LookupTables tables)
    {
        to.Count(tables.Columns.Count);
        foreach (var (name, column) in tables.Columns)
        {
            to.Text(name);
            to.Count(column.Count);
            foreach (var (key, value) in column)
            {
                to.Text(key);
                to.Text(value);
            }
        }
    }

    public static LookupTables Read(ref WireReader from)
    {
        var columns = new List<KeyValuePair<string, FrozenDictionary<string, string?>>>();
        for (int left = from.Count(); left > 0; left--)
        {
            string name = from.Text();
            int count = from.Count();
            var values = new Dictionary<string, string?>(count, StringComparer.Ordinal);
            for (int i = 0; i < count; i++)
                values[from.Text()] = from.OptionalName();
            columns.Add(KeyValuePair.Create(name, values.ToFrozenDictionary(StringComparer.Ordinal)));
        }

        return new LookupTables(columns);
    }
}
