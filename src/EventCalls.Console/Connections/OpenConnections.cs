using EventCalls.Console.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Connections;

/// <summary>The connections of the HTTP server: when as many are open as may be, the one that has waited longest for a request makes room.</summary>
/// <remarks>
/// Else whoever opens them all and sends half of a head on each keeps everybody else out, health checks and figures too, until the heads time out. A client whose
/// idle connection is closed opens another one. Only a request of somebody who may make it keeps its connection: one that is open to everybody is answered at once or not at all.
/// </remarks>
/// <param name="most">How many may be open, 1 or more.</param>
internal sealed class OpenConnections(int most)
{
    private readonly Lock _lock = new();

    // Those that no request keeps; the first has waited longest.
    private readonly LinkedList<Open> _waiting = [];
    private int _count;

    /// <summary>Serves a connection; one that finds no room, because requests keep all others, is closed.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var open = new Open(this, connection);
        Enter(open)?.Connection.Abort(new ConnectionAbortedException("As many connections are open as may be."));
        if (!open.IsCounted)
            return;
        connection.Features.Set(open);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
                Leave(open);
        }
    }

    /// <summary>Keeps the connection of a request until it is answered.</summary>
    public static async Task HoldAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Open>() is not { } open || context.GetEndpoint()?.Metadata.GetMetadata<NeededScope>() is not { Scope: not null })
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        open.Of.Keep(open);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            open.Of.Release(open);
        }
    }

    /// <summary>Which connection is to go; null for none.</summary>
    private Open? Enter(Open open)
    {
        lock (_lock)
        {
            Open? leaves = null;
            if (_count >= most)
            {
                if (_waiting.First is not { } longest)
                    return open;
                Leave(leaves = longest.Value);
            }
            _count++;
            open.IsCounted = true;
            _waiting.AddLast(open.Place);
            return leaves;
        }
    }

    private void Keep(Open open)
    {
        lock (_lock)
        {
            if (open.Place.List is not null)
                _waiting.Remove(open.Place);
        }
    }

    private void Release(Open open)
    {
        lock (_lock)
        {
            if (open.IsCounted && open.Place.List is null)
                _waiting.AddLast(open.Place);
        }
    }

    // Who was told to go counts no more.
    private void Leave(Open open)
    {
        if (!open.IsCounted)
            return;
        open.IsCounted = false;
        _count--;
        if (open.Place.List is not null)
            _waiting.Remove(open.Place);
    }

    /// <summary>An open connection.</summary>
    private sealed class Open
    {
        public Open(OpenConnections of, ConnectionContext connection)
        {
            (Of, Connection) = (of, connection);
            Place = new LinkedListNode<Open>(this);
        }

        public OpenConnections Of { get; }

        public ConnectionContext Connection { get; }

        public LinkedListNode<Open> Place { get; }

        public bool IsCounted { get; set; }
    }
}
