namespace Sagitta.Physics.Endcap;

/// <summary>
/// Simulated events of several muons: each muon is an event of its own in a set of deposits, all under the event's number, so that
/// labels can tell muons apart. Holds reused memory: one a thread.
/// </summary>
internal sealed class EndcapSimulation(EndcapDetector detector, EndcapGenerator generator)
{
    private readonly EndcapMuonTransport _transport = new(detector);
    private readonly TrackState[] _states = new TrackState[detector.Planes.Count];
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

            TrackState vertex = muons[m].Vertex;
            double inPlane = Math.Sqrt(1 + (vertex.Ty * vertex.Ty));
            set.EndEvent(number, new(true, vertex.QOverP * vertex.Slant / inPlane, vertex.Y, vertex.Ty / inPlane, vertex.Tx / inPlane),
                _crossings);
            simulated[m] = new(muons[m], _states[0], planes);
        }

        return simulated;
    }
}

/// <summary>A simulated muon.</summary>
/// <param name="Generated">As it left the vertex.</param>
/// <param name="AtFirstPlane">Its state at the first plane; NaN where it does not come.</param>
/// <param name="Planes">How many planes it crossed.</param>
internal readonly record struct SimulatedMuon(EndcapMuon Generated, TrackState AtFirstPlane, int Planes);
