namespace Sagitta.Tests.Core.Parallelism;

/// <summary>Ranks that are threads of one process: what several processes do, without MPI.</summary>
internal sealed class ThreadRanks : Ranks
{
    private readonly Group _group;

    private ThreadRanks(Group group, int rank) => (_group, Rank) = (group, rank);

    public override int Rank { get; }

    public override int Count => _group.Sent.Length;

    /// <summary>Does the same on several ranks at the same time and returns what each found, in their order.</summary>
    public static T[] Run<T>(int count, Func<Ranks, T> work)
    {
        using Group group = new(count);
        T[] results = new T[count];
        Exception?[] failures = new Exception?[count];
        Thread[] threads = [.. Enumerable.Range(0, count).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = work(new ThreadRanks(group, rank));
            }
#pragma warning disable CA1031 // Every exception is handed on to the caller.
            catch (Exception problem)
#pragma warning restore CA1031
            {
                failures[rank] = problem;
                group.Meeting.RemoveParticipant();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (Array.Find(failures, failure => failure is not null) is { } first)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }

        return results;
    }

    public override void Exchange(ReadOnlySpan<byte> sent, int[] sentLengths, Span<byte> received, int[] receivedLengths)
    {
        _group.Sent[Rank] = (sent.ToArray(), [.. sentLengths]);
        _group.Meeting.SignalAndWait();
        int place = 0;
        for (int from = 0; from < Count; from++)
        {
            (byte[] bytes, int[] lengths) = _group.Sent[from];
            Assert.Equal(receivedLengths[from], lengths[Rank]);
            bytes.AsSpan(lengths[..Rank].Sum(), lengths[Rank]).CopyTo(received[place..]);
            place += lengths[Rank];
        }

        Assert.Equal(received.Length, place);
        _group.Meeting.SignalAndWait();
    }

    public override void Gather(ReadOnlySpan<byte> own, Span<byte> all, int[] lengths)
    {
        byte[] sent = [.. Enumerable.Repeat(own.ToArray(), Count).SelectMany(bytes => bytes)];
        int[] sentLengths = new int[Count];
        Array.Fill(sentLengths, own.Length);
        Exchange(sent, sentLengths, all, lengths);
    }

    public override void Abort(int exitCode)
    {
    }

    public override void Dispose()
    {
    }

    private sealed class Group(int count) : IDisposable
    {
        public (byte[] Bytes, int[] Lengths)[] Sent { get; } = new (byte[], int[])[count];

        public Barrier Meeting { get; } = new(count);

        public void Dispose() => Meeting.Dispose();
    }
}
