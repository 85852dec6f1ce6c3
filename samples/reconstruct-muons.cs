// Hits of muons in, tracks out, with the shipped model: dotnet run samples/reconstruct-muons.cs -- [hits file]
#:project ../src/Sagitta.Tracking
#:property PublishAot=false

using Sagitta.Physics.Events;
using Sagitta.Tracking.Muon;

string path = args.Length > 0 ? args[0] : "samples/muon-hits.csv";
using MuonReconstructor reconstructor = MuonReconstructor.Load();
foreach (MuonTrack track in reconstructor.Reconstruct(HitSet.Read(path, reconstructor.Detector)))
{
    Console.WriteLine($"event {track.Event}: {track.Status}, charge {track.Charge:+0;-0}, pT {track.Pt:0.00} GeV");
}
