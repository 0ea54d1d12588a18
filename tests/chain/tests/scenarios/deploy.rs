//! `bulwark deploy` as a library: to a chain, to the same chain again, to changed parameters.

use bulwark_chain::contracts::{Oracle, Vault};
use bulwark_chain_tests::{DEPLOYMENT, artifacts, chain};
use bulwark_deploy::{Addresses, Artifacts, DeployError, Deployer, Deployment, Kind};
use bulwark_types::governance::OwnershipResponse;
use bulwark_types::{oracle, vault};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_does_nothing_and_a_changed_file_is_planned_and_applied() {
    let (net, client, keyring) = chain(1).await;
    let file = net.home().join("addresses.json");
    let deployer = |text: &str, file: Option<_>| {
        let deployment = Deployment::parse(text).unwrap();
        let artifacts = Artifacts::read(artifacts()).unwrap();
        Deployer::new(
            client.clone(),
            keyring.clone(),
            artifacts,
            &deployment,
            file,
        )
        .unwrap()
    };
    let mut first = deployer(DEPLOYMENT, Some(file.clone()));
    assert_eq!(
        first.unsigned().await.unwrap().1.len(),
        3,
        "three codes to store"
    );
    let mut hashes = Vec::new();
    let agreed = first.plan().await.unwrap();
    let left = first
        .apply_agreed(&agreed, |done| hashes.push(done.hash.clone()))
        .await
        .unwrap();
    assert_eq!((left.steps.len(), left.waits.len()), (0, 0), "{left:?}");
    assert!(hashes.len() > 10);
    let chain_id = &client.network().chain_id;
    let written = Addresses::read(&file, chain_id).unwrap();
    assert_eq!(written.contracts.len(), 3);
    let codes = written.contracts.iter();
    for (kind, contract) in codes {
        assert_eq!(contract.checksum, first.desired().checksums[kind]);
    }

    // With the address file, and without it: the contracts are found by creator and label.
    for file in [Some(file.clone()), None] {
        let mut again = deployer(DEPLOYMENT, file);
        let plan = again.plan().await.unwrap();
        assert_eq!((plan.steps.len(), plan.waits.len()), (0, 0), "{plan:?}");
        let mut done = 0;
        again.apply(|_| done += 1).await.unwrap();
        assert_eq!(done, 0);
        assert_eq!(again.addresses(), &written);
    }

    // A delay comes into force; then a change is proposed and waits.
    let sealed = DEPLOYMENT.replace("owner_delay = 0", "owner_delay = 3600");
    let left = deployer(&sealed, None).apply(|_| {}).await.unwrap();
    assert_eq!((left.steps.len(), left.waits.len()), (0, 0), "{left:?}");
    let changed = sealed.replace("max_holdings = 20", "max_holdings = 10");
    let mut changing = deployer(&changed, None);
    let plan = changing.plan().await.unwrap();
    let shown: Vec<_> = plan
        .steps
        .iter()
        .flat_map(|planned| &planned.changes)
        .collect();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].to_string(), "max_holdings: 20 → 10");
    let (_, unsigned) = changing.unsigned().await.unwrap();
    let message = &unsigned[0].transaction["body"]["messages"][0];
    let vault = written.get(Kind::Vault).unwrap();
    assert_eq!(message["contract"], vault);
    assert_eq!(message["msg"]["update_params"]["max_holdings"], 10);
    // Somebody else changes something after that was shown: what would be sent now nobody has seen.
    let other = sealed.replace("ramp_time = 604800", "ramp_time = 604801");
    let mut unseen = deployer(&other, None);
    let refused = unseen.apply_agreed(&plan, |_| {}).await.unwrap_err();
    assert!(
        matches!(refused, DeployError::PlanChanged { .. }),
        "{refused}"
    );
    let left = changing.apply_agreed(&plan, |_| {}).await.unwrap();
    assert_eq!((left.steps.len(), left.waits.len()), (0, 1), "{left:?}");
    let again = deployer(&changed, None).plan().await.unwrap();
    assert_eq!(again.steps.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contracts_are_handed_over_when_the_new_owner_accepts() {
    let (_net, client, keyring) = chain(1).await;
    let text = DEPLOYMENT.replace("owner = \"owner\"", "owner = \"bob\"");
    let deployment = Deployment::parse(&text).unwrap();
    let artifacts = Artifacts::read(artifacts()).unwrap();
    let bob = {
        let network = client.network();
        let signer = keyring.signer("bob", &network.prefix, network.coin_type);
        signer.unwrap().address().to_owned()
    };
    let mut deployer =
        Deployer::new(client.clone(), keyring, artifacts, &deployment, None).unwrap();
    let left = deployer.apply(|_| {}).await.unwrap();
    assert_eq!((left.steps.len(), left.waits.len()), (0, 0), "{left:?}");

    // The chain says so itself.
    let address = |kind| deployer.addresses().get(kind).unwrap().to_owned();
    let oracle = Oracle {
        client: client.clone(),
        address: address(Kind::Oracle),
    };
    let vault = Vault {
        client: client.clone(),
        address: address(Kind::Vault),
    };
    let owned = OwnershipResponse {
        owner: Some(bob.clone()),
        pending_owner: None,
    };
    let ownership: OwnershipResponse = oracle.query(&oracle::QueryMsg::Ownership {}).await.unwrap();
    assert_eq!(ownership, owned);
    let ownership: OwnershipResponse = vault.query(&vault::QueryMsg::Ownership {}).await.unwrap();
    assert_eq!(ownership, owned);
    for address in [&oracle.address, &vault.address] {
        let record = client.contract(address).await.unwrap().unwrap();
        assert_eq!(record.admin.as_ref(), Some(&bob));
    }
}
