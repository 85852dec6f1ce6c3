// Hits of muons in, tracks out, with the shipped model: dotnet run samples/reconstruct-muons.cs -- [hits file]
#:project ../src/Sagitta.Tracking
#:property PublishAot=false

using Sagitta.Physics.Events;
using Sagitta.Tracking.Muon;

string path = args.Length > 0 ? args[0] : "samples/muon-hits.csv";
using MuonReconstructor reconstructor = MuonReconstructor.Load();
HitSet hits = HitSet.Read(path, reconstructor.Detector);
foreach (MuonTrack track in reconstructor.Reconstruct(hits))
{
    Console.WriteLine($"event {track.Event}: {track.Status}, pT {track.Pt:0.00} GeV, charge {track.Charge:+0;-0}");
}
