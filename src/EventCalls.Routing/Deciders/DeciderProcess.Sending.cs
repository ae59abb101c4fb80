using EventCalls.Routing.Deciders.Wire;

namespace EventCalls.Routing.Deciders;

// How what is asked goes to the process.
public sealed partial class DeciderProcess
{
    // The last request of a batch may go beyond its size.
    private const int MostBeyondBatch = 4 * 1024;

    private bool MaySend() => !_sending && (_orders.Count > 0 || (_waiting.Count > 0 && _batches.Count < BatchesAtOnce));

    // One thread at a time: whoever finds nobody sending. What comes meanwhile is sent by it, or when an answer comes.
    private void Send()
    {
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    _sending = false;
                    if (_ended || !MaySend())
                        return;
                    _sending = true;
                }

                _writer.Clear();
                while (TryDequeueOrder(out var order))
                    order(_writer);
                Encode();
                // A pipe holds 64 KB, which two batches fit into: such a write never waits for the process to read. What is larger must not
                // hold up who asks, or who reads the answers.
                if (_writer.Length > _options.BatchBytes + MostBeyondBatch)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(static self => self.WriteAndGoOn(), this, preferLocal: false);
                    return;
                }

                _toProcess.Write(_writer.Written);
            }
        }
        catch (IOException)
        {
            // The process has ended; what reads from it sees to that. Nothing more is sent.
        }
        catch (Exception e)
        {
            Kill(DeciderEnd.Crashed, $"it could not be written to: {e.Message}");
        }
    }

    private void WriteAndGoOn()
    {
        try
        {
            _toProcess.Write(_writer.Written);
        }
        catch (IOException)
        {
            return;
        }

        Send();
    }

    private bool TryDequeueOrder(out Action<WireWriter> order)
    {
        lock (_gate)
            return _orders.TryDequeue(out order!);
    }

    private void Encode()
    {
        int count = 0;
        lock (_gate)
        {
            if (_batches.Count >= BatchesAtOnce)
                return;
            while (_writer.Length < _options.BatchBytes && _waiting.TryDequeue(out var decision))
            {
                decision.Id = ++_lastId;
                _asked.Enqueue(decision);
                _messages.Ask(decision);
                count++;
            }

            if (count > 0)
                _batches.Enqueue(count);
        }
    }
}
