namespace Sagitta.Tests.Core.Parallelism;

public sealed class WorkerThreadsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_chunk_runs_exactly_once_in_each_of_many_calls(int count)
    {
        using WorkerThreads threads = new(count);
        int[] runs = new int[37];
        int[] active = new int[count];
        bool shared = false;
        Action<int, int> body = (chunk, worker) =>
        {
            shared |= Interlocked.Increment(ref active[worker]) != 1;
            Interlocked.Increment(ref runs[chunk]);
            Interlocked.Decrement(ref active[worker]);
        };
        for (int call = 1; call <= 5000; call++)
        {
            int chunks = call % 38;
            Array.Clear(runs);
            threads.Run(chunks, body);
            Assert.All(runs.Take(chunks), n => Assert.Equal(1, n));
            Assert.All(runs.Skip(chunks), n => Assert.Equal(0, n));
        }

        Assert.False(shared, "two chunks ran at the same time under one worker number");
    }

    [Fact]
    public void Two_threads_do_work_at_the_same_time()
    {
        using WorkerThreads threads = new(2);
        using Barrier meeting = new(2);
        threads.Run(2, (_, _) => Assert.True(meeting.SignalAndWait(TimeSpan.FromSeconds(20))));
    }

    [Fact]
    public void Sleeping_threads_wake()
    {
        using WorkerThreads threads = new(2);
        using Barrier meeting = new(2);
        for (int i = 0; i < 3; i++)
        {
            Thread.Sleep(20);
            threads.Run(2, (_, _) => Assert.True(meeting.SignalAndWait(TimeSpan.FromSeconds(20))));
        }
    }

    [Fact]
    public void Caller_that_fell_asleep_wakes_when_the_last_chunk_ends()
    {
        using WorkerThreads threads = new(2);
        using Barrier meeting = new(2);
        int done = 0;
        threads.Run(2, (_, worker) =>
        {
            meeting.SignalAndWait();
            Thread.Sleep(worker == 0 ? 0 : 50);
            Interlocked.Increment(ref done);
        });
        Assert.Equal(2, done);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Exception_of_the_first_failing_chunk_reaches_the_caller_after_all_ran(int count)
    {
        using WorkerThreads threads = new(count);
        int runs = 0;
        for (int call = 1; call <= 50; call++)
        {
            InvalidDataException problem = Assert.Throws<InvalidDataException>(() => threads.Run(20, (chunk, _) =>
            {
                Interlocked.Increment(ref runs);
                if (chunk % 7 == 3)
                {
                    throw new InvalidDataException($"chunk {chunk}");
                }
            }));
            Assert.Equal("chunk 3", problem.Message);
            Assert.Equal(20 * call, runs);
        }
    }

    [Fact]
    public void Call_from_within_a_chunk_is_refused()
    {
        using WorkerThreads threads = new(2);
        Assert.Throws<InvalidOperationException>(() => threads.Run(1, (_, _) => threads.Run(1, (_, _) => { })));
        threads.Run(1, (_, _) => { });
    }

    [Fact]
    public void Call_allocates_nothing_after_the_first()
    {
        using WorkerThreads threads = new(2);
        long[] sums = new long[8];
        Action<int, int> body = (chunk, _) => sums[chunk]++;
        threads.Run(8, body);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int call = 0; call < 1000; call++)
        {
            threads.Run(8, body);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.All(sums, n => Assert.Equal(1001, n));
    }

    [Fact]
    public void Disposed_threads_refuse_work()
    {
        WorkerThreads threads = new(3);
        threads.Dispose();
        Assert.Throws<ObjectDisposedException>(() => threads.Run(1, (_, _) => { }));
    }
}
