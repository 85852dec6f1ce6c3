namespace Sagitta.Physics.Endcap;

/// <summary>
/// Simulated events of several muons: each muon is an event of its own in a set of deposits, all under the event's number, so that
/// labels can tell muons apart. Holds reused memory: one a thread.
/// </summary>
internal sealed class EndcapSimulation(EndcapDetector detector, EndcapGenerator generator)
{
    private readonly EndcapMuonTransport _transport = new(detector);
    private readonly TrackState[] _states = new TrackState[detector.Planes.Count];
    private readonly List<(float X, float Y)> _places = [];
    private readonly float[] _crossings = new float[detector.Planes.Count];

    /// <summary>Simulates an event, which depends on the root and its number alone, and adds its muons to the set, their crossings in
    /// u.</summary>
    public SimulatedMuon[] Simulate(long number, RandomKey root, DepositSet set)
    {
        RandomKey key = root.Split((ulong)number);
        EndcapMuon[] muons = generator.Draw(key.Split("vertex").Draws());
        SimulatedMuon[] simulated = new SimulatedMuon[muons.Length];
        for (int m = 0; m < muons.Length; m++)
        {
            int planes = _transport.Carry(muons[m], key.Split("transport").Split((ulong)m), _states, set.Deposits);
            for (int p = 0; p < _crossings.Length; p++)
            {
                _crossings[p] = (float)detector.Planes[p].Measured(_states[p].X, _states[p].Y);
            }

            for (int p = 0; p < _states.Length; p++)
            {
                _places.Add(((float)_states[p].X, (float)_states[p].Y));
            }

            TrackState vertex = muons[m].Vertex;
            double inPlane = Math.Sqrt(1 + (vertex.Ty * vertex.Ty));
            set.EndEvent(number, new(true, vertex.QOverP * vertex.Slant / inPlane, vertex.Y, vertex.Ty / inPlane, vertex.Tx / inPlane),
                _crossings);
            simulated[m] = new(muons[m], _states[0], planes);
        }

        return simulated;
    }

    /// <summary>The deposits of events <paramref name="first"/> .. first + count - 1, as those of another program would be.</summary>
    public static EndcapDeposits Deposits(EndcapDetector detector, EndcapGenerator generator, ulong seed, long first, int count)
    {
        EndcapSimulation simulation = new(detector, generator);
        RandomKey root = RandomKey.FromSeed(seed).Split("endcap");
        EndcapDeposits all = new(detector.Planes.Count);
        DepositSet set = new(detector.Planes.Count);
        for (long number = first; number < first + count; number++)
        {
            simulation.Add(number, root, set, all);
        }

        return all;
    }

    private void Add(long number, RandomKey root, DepositSet set, EndcapDeposits all)
    {
        set.Clear();
        _places.Clear();
        SimulatedMuon[] muons = Simulate(number, root, set);
        for (int m = 0; m < muons.Length; m++)
        {
            for (int i = set.Offset(m); i < set.Offset(m + 1); i++)
            {
                int plane = set.Deposits.Plane[i];
                double offset = detector.Planes[plane].Offset;
                all.Deposits.Add(plane, (DepositSource)set.Deposits.Source[i], m, set.Deposits.YIn[i] - offset,
                    set.Deposits.YOut[i] - offset, set.Deposits.DepthIn[i], set.Deposits.DepthOut[i], set.Deposits.Energy[i],
                    set.Deposits.Time[i]);
            }

            // One that does not come to the first plane keeps its values at the vertex.
            TrackState vertex = muons[m].Generated.Vertex;
            double z = detector.Planes[0].Z;
            TrackState state = muons[m].Planes > 0 ? muons[m].AtFirstPlane : vertex with { X = z * vertex.Tx, Y = z * vertex.Ty };
            all.Muons.Add(new(state.X, state.Y, state.Tx, state.Ty, state.QOverP));
        }

        all.Crossings.AddRange(_places);
        all.EndEvent(number, muons.Any(muon => muon.Generated.Pair));
    }
}

/// <summary>A simulated muon.</summary>
/// <param name="Generated">As it left the vertex.</param>
/// <param name="AtFirstPlane">Its state at the first plane; NaN where it does not come.</param>
/// <param name="Planes">How many planes it crossed.</param>
internal readonly record struct SimulatedMuon(EndcapMuon Generated, TrackState AtFirstPlane, int Planes);
